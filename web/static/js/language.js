/** A sentence in the language of the page. */
export const chinese = document.documentElement.lang.startsWith("zh");
export const t = (zh, en) => (chinese ? zh : en);
