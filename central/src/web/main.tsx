import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ConfigProvider } from "antd";
import enUS from "antd/es/locale/en_US";
import zhCN from "antd/es/locale/zh_CN";
import { type ReactNode, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { failureOf } from "./api/failure.ts";
import { router } from "./routes.tsx";
import { THEME } from "./theme.ts";
import { startWords, useWords } from "./words/use-words.ts";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/table.css";
import "./styles/pages.css";
import "./styles/live.css";

/** What central refused it would refuse again; what did not arrive is tried once more. */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (times, error) => times < 2 && failureOf(error).is === "unreachable",
      staleTime: 10_000,
      refetchOnWindowFocus: true,
    },
  },
});

const nonce = document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content ?? "";

const Console = (): ReactNode => {
  const { language } = useWords();
  return (
    <ConfigProvider csp={{ nonce }} theme={THEME} locale={language === "zh" ? zhCN : enUS} button={{ autoInsertSpace: false }}>
      <RouterProvider router={router} />
    </ConfigProvider>
  );
};

startWords();
const place = document.getElementById("console");
if (place !== null) {
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Console />
      </QueryClientProvider>
    </StrictMode>,
  );
}
