/** Requests to our own server. A refusal becomes an Error whose message is the sentence for the visitor. */
import { t } from "./language.js";

const token = document.querySelector('meta[name="csrf-token"]').content;

export const getText = (url, signal) => ask(url, { signal }).then((answer) => answer.text());
export const getJson = (url, signal) => ask(url, { signal, headers: JSON_ONLY }).then((answer) => answer.json());
export const post = (url, form) =>
  ask(url, { method: "POST", body: form, headers: { ...JSON_ONLY, "X-CSRF-Token": token } }).then((answer) => answer.json());

const JSON_ONLY = { Accept: "application/json" };

async function ask(url, options) {
  let answer;
  try {
    answer = await fetch(url, options);
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    throw new Error(t("连不上服务，它可能已停止。", "The server does not answer; it may have been stopped."));
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  throw new Error(told.error ?? t(`服务拒绝了请求（${answer.status}）。`, `The server refused (${answer.status}).`));
}
