/**
 * The line to the server. One tab of a device holds it (Web Locks), so that two tabs do not send the same message
 * twice; without locks (an old browser, plain http) every tab holds one, and the keys keep a message single.
 */

import { happens, on, tell, tellHere } from "./bus.js";
import { fact, setFact } from "./device.js";
import { became, nextWaiting } from "./pending.js";
import { currentOwner, greet } from "./session.js";
import { delivered, isHere, take } from "./shown.js";
import { Failed, listen, post, say } from "./wire.js";

const FIRST_WAIT = 1000; // ms
const LONGEST_WAIT = 30000;

let ended = false; // the session has: nothing is sent until somebody has signed in
let sending = Promise.resolve(); // the message on its way
let stream = new AbortController();

let received = new Set(); // ids of this run: the server sends again what it does not know to have arrived
let unread = new Set(); // answers to complaints that nobody has seen: the server must keep its copy
let highest = 0;
let confirmed = 0; // up to where the server knows that it may erase

/** Holds the line for as long as this tab lives, as soon as no other tab does. */
export function hold() {
  const forever = () => Promise.all([keepSending(), keepListening()]);
  if (navigator.locks) navigator.locks.request("jishiyu-line", forever);
  else forever();
}

on("ended", () => {
  ended = true;
});
on("me", ({ changed }) => {
  ended = false;
  if (!changed) return;
  received = new Set();
  unread = new Set();
  highest = confirmed = 0;
  stream.abort(); // it was another person's
});
on("saw", async (id) => {
  if (unread.delete(id)) await acknowledge();
});
window.addEventListener("online", () => {
  stream.abort(); // the old line hangs in the old network
  tellHere("wake");
});

/** Longer after each failure, with a little chance in it, so that a whole county does not knock at once. */
function* waits() {
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) yield wait * (0.75 + Math.random() / 2);
}

const failIfStrange = (error) => {
  if (!(error instanceof Failed)) throw error;
};

/** True: the session had ended, and there is a new one now. */
async function renewed(error) {
  if (![204, 401].includes(error.status)) return false;
  if (currentOwner() === "resident") {
    await greet().catch(failIfStrange);
    await happens(["me"], FIRST_WAIT); // never in a tight loop
    return true;
  }
  tell("ended");
  await signedIn();
  return true;
}

async function signedIn() {
  while (ended) await happens(["me"]);
}

async function keepSending() {
  let pauses = waits();
  for (;;) {
    await signedIn();
    const row = await nextWaiting();
    if (!row) {
      await happens(["outbox", "me", "wake"]);
      continue;
    }
    sending = say(row).then((id) => delivered(row, id));
    try {
      await sending;
      pauses = waits();
      tell("line", { up: true });
    } catch (error) {
      failIfStrange(error);
      if (await renewed(error)) continue;
      if (error.passes) await pause(error, pauses);
      else await became(row, { state: "refused", why: error.message });
    }
  }
}

/** Until it may be tried again: the server's own word when it is flooded, else longer and longer. */
async function pause(error, pauses) {
  const flooded = error.status === 429;
  tell("line", { up: error.status !== 0, busy: flooded });
  const longest = error.retryAfter ? error.retryAfter * 1000 : pauses.next().value;
  await happens(flooded ? ["me"] : ["me", "wake"], longest);
}

async function keepListening() {
  let pauses = waits();
  for (;;) {
    await signedIn();
    stream = new AbortController();
    try {
      const after = Math.max(confirmed, (await fact("upto")) || 0);
      await listen(after, stream, () => {
        pauses = waits();
        tell("line", { up: true });
        tellHere("wake");
        acknowledge();
      }, arrived);
    } catch (error) {
      failIfStrange(error);
      if (await renewed(error)) continue;
      if (!stream.signal.aborted) await pause(error, pauses);
    }
  }
}

async function arrived(mail) {
  if (received.has(mail.id)) return;
  if (mail.answers) await sending.catch(failIfStrange); // the answer can overtake the receipt for my message
  received.add(mail.id);
  highest = Math.max(highest, mail.id);
  if (!(await isHere(mail))) {
    if (mail.private === "complaint") unread.add(mail.id);
    if (!(await take(mail))) unread.delete(mail.id);
  }
  await acknowledge();
}

/** Tells the server up to where everything is on this device, or was before somebody's eyes. */
async function acknowledge() {
  const upto = Math.max((await fact("upto")) || 0, Math.min(highest, ...[...unread].map((id) => id - 1)));
  if (upto <= confirmed) return;
  await setFact("upto", upto);
  try {
    await post("/api/got", { upto });
    confirmed = upto;
    await setFact("upto", undefined); // a new session may count from the beginning again
  } catch (error) {
    failIfStrange(error); // told again with the next message or the next line
  }
}
