/** One form of a page, as a browser without scripts knows it. */
interface PageForm {
  readonly action: string;
  readonly hidden: readonly (readonly [string, string])[];
}

/** A page that came back. */
export interface CitizenPage {
  readonly url: string;
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

const unescaped = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");

const attribute = (tag: string, name: string): string | undefined => {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : unescaped(value);
};

const firstForm = ({ url, text }: CitizenPage): PageForm => {
  const form = /<form[^>]*>.*?<\/form>/s.exec(text)?.[0] ?? "";
  const hidden = [...form.matchAll(/<input type="hidden"[^>]*>/g)].map(
    ([tag]) => [attribute(tag, "name") ?? "", attribute(tag, "value") ?? ""] as const,
  );
  return { action: new URL(attribute(/<form[^>]*>/.exec(form)?.[0] ?? "", "action") ?? url, url).href, hidden };
};

/** What a person fills into the second page. */
export interface Writing {
  readonly reasons?: readonly string[];
  readonly words?: string;
  readonly name?: string;
  readonly phone?: string;
}

export const openPage = async (url: string): Promise<CitizenPage> => {
  const response = await fetch(url, { redirect: "manual" });
  return { url, status: response.status, text: await response.text(), headers: response.headers };
};

export const postForm = async (url: string, body: string | URLSearchParams): Promise<CitizenPage> => {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const response = await fetch(url, { method: "POST", headers, body: String(body) });
  return { url, status: response.status, text: await response.text(), headers: response.headers };
};

/** The fields that the first form of a page would send by itself. */
export const fieldsOf = (page: CitizenPage): URLSearchParams =>
  new URLSearchParams(firstForm(page).hidden.map(([name, value]): [string, string] => [name, value]));

/** Touches a level. */
export const choose = (page: CitizenPage, level: number): Promise<CitizenPage> => {
  const fields = fieldsOf(page);
  fields.set("level", String(level));
  return postForm(firstForm(page).action, fields);
};

/** Sends the second page. */
export const send = (page: CitizenPage, { reasons = [], words = "", name = "", phone = "" }: Writing = {}): Promise<CitizenPage> => {
  const fields = fieldsOf(page);
  for (const reason of reasons) fields.append("reason", reason);
  for (const [key, value] of Object.entries({ words, name, phone })) fields.set(key, value);
  return postForm(firstForm(page).action, fields);
};

/** From the address to the page of thanks. */
export const rateAt = async (url: string, level: number, writing?: Writing): Promise<CitizenPage> =>
  send(await choose(await openPage(url), level), writing);

export const receiptOn = ({ text }: CitizenPage): string | undefined => /<p class="code">([^<]+)<\/p>/.exec(text)?.[1];

/** The code of an error page. */
export const faultOn = ({ text }: CitizenPage): string | undefined => /<p class="quiet">(WR\d{4})<\/p>/.exec(text)?.[1];
