const byId = (id) => document.getElementById(id);
const [phone, list, empty, form, text, keys] = ["phone", "messages", "empty", "reply", "text", "keys"].map(byId);
let messages = [];

const show = () => {
  const numbers = [...new Set(messages.map((message) => message.phone))];
  for (const number of numbers) {
    if ([...phone.options].every(({ value }) => value !== number)) phone.add(new Option(number, number));
  }
  const shown = messages.filter((message) => message.phone === phone.value);
  empty.hidden = shown.length > 0;
  for (const message of shown.slice(list.childElementCount)) {
    const bubble = document.createElement("article");
    bubble.textContent = message.text;
    if (message.mine) {
      bubble.className = "mine";
      const answer = document.createElement("small");
      answer.textContent = message.answer;
      bubble.append(answer);
    }
    list.append(bubble);
    bubble.scrollIntoView();
  }
};

const refresh = async () => {
  try {
    ({ messages } = await (await fetch("messages")).json());
    show();
  } catch {
    // The phone is off; the next look may find it on again.
  }
};

const send = async (words) => {
  if (words.trim() === "" || phone.value === "") return;
  await fetch("replies", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ phone: phone.value, text: words }),
  });
  text.value = "";
  await refresh();
};

for (const key of ["5", "4", "3", "2", "1", "T"]) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = key;
  button.addEventListener("click", () => void send(key));
  keys.append(button);
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void send(text.value);
});
phone.addEventListener("change", () => {
  list.replaceChildren();
  show();
});
setInterval(() => void refresh(), 1000);
void refresh();
