/** A short message at the foot of the page; the newest replaces the one before. */
const place = document.querySelector(".toasts");
let timer;

/** `action` is { label, key, run }: a button inside the message. */
export function toast(sentence, { wrong = false, action } = {}) {
  const box = document.createElement("div");
  box.className = wrong ? "toast wrong" : "toast";
  const text = document.createElement("span");
  text.textContent = sentence;
  box.append(text);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(action.label);
    const key = document.createElement("kbd");
    key.textContent = action.key;
    button.append(key);
    button.addEventListener("click", action.run);
    box.append(button);
  }
  place.replaceChildren(box);
  clearTimeout(timer);
  timer = setTimeout(() => box.remove(), action ? 20000 : 7000);
}

export const complain = (fault) => toast(fault.message, { wrong: true });
