// The JSON API, asked as any client asks it. Errors arrive as problem objects (RFC 9457).

const KEY = "graphinv-api-key";

/** What went wrong, in the server's words where it has some. `fields` are the places in the request, if it said. */
export class Problem extends Error {
  constructor(status, body, retryAfter = null) {
    const title = body.title || WORDS[status] || "The server could not answer";
    super(body.detail || title);
    this.status = status;
    this.title = title;
    this.detail = body.detail && body.detail !== title ? String(body.detail) : "";
    this.retryAfter = retryAfter;
    this.body = body;
  }
}

const WORDS = {
  0: "The server does not answer",
  401: "This server wants a key",
  403: "This key may not do that",
  404: "There is no such thing here",
  413: "That is too much for one request",
  422: "Something in the request does not fit",
  429: "Too many requests for now",
  503: "The server is busy or still starting",
};

/** The answer to a GET. */
export function get(path, params = {}, signal = undefined) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, value);
  }
  const text = query.toString();
  return ask(text ? `${path}?${text}` : path, { signal }).then((response) => response.json());
}

/** The answer to a POST of JSON. */
export function post(path, body, signal = undefined) {
  return ask(path, written(body, signal)).then((response) => response.json());
}

/** POST and keep the answer as a file. */
export async function saveAnswer(path, body, filename) {
  const response = await ask(path, written(body));
  saveBlob(await response.blob(), filename);
}

/** Keep a text as a file. */
export function saveText(text, filename, type) {
  saveBlob(new Blob([text], { type }), filename);
}

/** Hand a file to the browser's downloads. */
export function saveBlob(blob, filename) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = filename;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the blob after the click returns.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The path of an entity in the API and on this site; ids hold `:` and `/`. */
export function entityPath(id) {
  return id.split("/").map(encodeURIComponent).join("/").replaceAll("%3A", ":");
}

/** Remember the key for this tab only. */
export function rememberKey(key) {
  if (key) sessionStorage.setItem(KEY, key);
  else sessionStorage.removeItem(KEY);
}

function written(body, signal) {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal };
}

async function ask(path, options) {
  const key = sessionStorage.getItem(KEY);
  const headers = { accept: "application/json", ...(options.headers || {}), ...(key ? { "x-api-key": key } : {}) };
  let response;
  try {
    response = await fetch(path, { ...options, headers, credentials: "same-origin" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { detail: "Nothing came back. Is graphinv still running on this machine?" });
  }
  if (response.ok) return response;
  const problem = new Problem(response.status, await readProblem(response), response.headers.get("retry-after"));
  if (response.status === 401) document.dispatchEvent(new CustomEvent("graphinv:key-wanted"));
  throw problem;
}

async function readProblem(response) {
  try {
    const body = await response.json();
    return body && typeof body === "object" ? body : {};
  } catch {
    return {};
  }
}
