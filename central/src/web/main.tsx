import { createRoot } from "react-dom/client";

const place = document.getElementById("console");
if (place !== null) createRoot(place).render(<h1>好差评 · 中心</h1>);
