/** The way to the server: requests with the house's header, and the stream of what the bot says. */

/** The server answered, but not with what was asked. `status` 0: no answer at all. */
export class Failed extends Error {
  constructor(status, sentence, retryAfter) {
    super(sentence);
    this.status = status;
    this.retryAfter = retryAfter; // seconds, or null
  }

  /** Whether the same request can go through later: no network, a tired server, too many at once. */
  get passes() {
    return this.status === 0 || this.status >= 500 || [408, 425, 429].includes(this.status);
  }
}

const PATIENCE = 30000; // ms until a request without an answer counts as lost; a photo on a bad line gets more
const SILENCE = 45000; // ms: the server pings every 20 s, so a line silent for this long is dead

let skew = 0; // ms between the server's clock and this device's, whose clock may be wrong or the demo's

/** The time at the server, as well as this device knows it. */
export const serverNow = () => new Date(Date.now() + skew);

/** Sets the clock by the server's. */
export function setClock(moment) {
  skew = moment.getTime() - Date.now();
}

async function ask(path, options, { patience = PATIENCE, stop = new AbortController() } = {}) {
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    return await fetch(path, { credentials: "same-origin", cache: "no-store", signal: stop.signal, ...options });
  } catch (error) {
    throw new Failed(0, String(error));
  } finally {
    clearTimeout(timer);
  }
}

async function read(response) {
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  throw new Failed(response.status, body.error || "", Number(response.headers.get("Retry-After")) || null);
}

const OURS = { "X-Jishiyu": "1" }; // a form on somebody else's page cannot send this

const send = (path, body) =>
  ask(path, { method: "POST", headers: { ...OURS, "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** POST with a JSON body. Throws Failed. */
export const post = async (path, body) => read(await send(path, body));

/** Greets the server, which makes this device's session when there is none; sets the clock. */
export async function hello(at) {
  const response = await send("/api/hello", { at });
  const body = await read(response);
  setClock(new Date((body.demo && body.demo.now) || response.headers.get("Date") || Date.now()));
  return body;
}

/** One of my messages; the same key twice is the same message. Gives the server's id of it. */
export async function say(row) {
  const fields = { key: row.key, text: row.text, press: row.press, said_at: row.said_at, place: row.place };
  if (!row.file) return (await post("/api/say", fields)).id;
  const form = new FormData();
  Object.entries(fields).forEach(([name, value]) => {
    if (value !== null) form.append(name, typeof value === "object" ? JSON.stringify(value) : value);
  });
  form.append("file", row.file, row.kind === "photo" ? "photo.jpg" : "voice");
  const answer = await ask("/api/say", { method: "POST", headers: OURS, body: form }, { patience: PATIENCE * 4 });
  return (await read(answer)).id;
}

/**
 * Listens until the line breaks or `stop` ends it. `opened` is called when it stands, `mail` for each message, one
 * after the other. Throws Failed: 204 and 401 mean that the session has ended, 0 that the line broke.
 */
export async function listen(after, stop, opened, mail) {
  const response = await ask(`/api/mail?after=${after}`, { headers: { Accept: "text/event-stream" } }, { stop });
  if (response.status !== 200) throw new Failed(response.status, "", null);
  opened();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await next(reader);
    if (done) throw new Failed(0, "closed");
    const events = (rest + decoder.decode(value, { stream: true })).replace(/\r\n?/g, "\n").split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const data = dataOf(event);
      if (data) await mail(JSON.parse(data));
    }
  }
}

async function next(reader) {
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Failed(0, "silent")), SILENCE);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } catch (error) {
    reader.cancel().catch(() => undefined); // it is broken already
    throw error instanceof Failed ? error : new Failed(0, String(error));
  } finally {
    clearTimeout(timer);
  }
}

/** The data of an event of the kind `mail`; nothing for pings and comments. */
function dataOf(event) {
  const lines = event.split("\n");
  if (!lines.some((line) => /^event: ?mail$/.test(line))) return "";
  return lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trimStart()).join("\n");
}
