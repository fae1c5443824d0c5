/**
 * Who uses this device, and the clock of the time somebody was last there.
 *
 * The server knows a session by its cookie. Kept here: the last greeting, so that the page opens without a network,
 * and the owner, so that nothing written by one person goes out under another's name.
 */

import { on, tell } from "./bus.js";
import { fact, setFact, transact } from "./device.js";
import { hello, post } from "./wire.js";

/** Minutes after which what lies open on a phone counts as left behind: whose phone is it now? */
export const LEFT_BEHIND = 30;

const RESIDENT = "resident"; // whoever has not signed in; one device, one resident
const THERE = "jishiyu.there"; // when a page of ours was last on this screen, in all tabs

let here = { me: null, greeting: "", menu: [], demo: null };
let owner = RESIDENT;

export const current = () => here;
export const currentOwner = () => owner;

const ownerOf = (me) =>
  !me || me.role === "resident" ? RESIDENT : [me.role, me.name, me.title, me.place].map((part) => part || "").join("|");

/** What the device remembers of the last time. */
export async function remember() {
  here = (await fact("here")) || here;
  owner = (await fact("owner")) || RESIDENT;
  return here;
}

/**
 * Greets the server. True: go on. False: an officer was signed in here and the session has ended; what the officer
 * wrote must wait for the officer. Throws Failed.
 */
export async function greet() {
  const at = new URLSearchParams(location.search).get("at") || (await fact("at")) || null;
  if (at) await setFact("at", at); // the village of the poster, also when the page is opened from the home screen
  const answer = await hello(at);
  if (owner !== RESIDENT && ownerOf(answer.me) === RESIDENT) return false;
  if (answer.ended) await settle();
  else await become(answer);
  return true;
}

/** Signs in by the token of a one-time link or a code. Throws Failed: 403 with the sentence why. */
export async function signIn(secret) {
  await post("/api/sign-in", secret);
  await become(await hello(null), { fresh: true });
}

/** Ends whatever session there is: from now on a resident uses this device. Throws Failed. */
export async function settle() {
  await post("/api/sign-out", {});
  await become(await hello((await fact("at")) || null), { fresh: true });
}

/** Another owner sees nothing of the last one's: the transcript goes, what is not sent yet waits unseen. */
async function become(answer, { fresh = false } = {}) {
  const next = ownerOf(answer.me);
  const other = next !== owner;
  const changed = fresh || other;
  await transact(["shown", "meta"], "readwrite", ({ shown, meta }) => {
    if (changed) shown.clear();
    if (changed) meta.delete("upto");
    meta.put(next, "owner");
    meta.put(answer, "here");
  });
  tell("me", { changed, other, here: answer, owner: next });
}

// First of all listeners, in this tab and the others: nothing is sent before it is known who is here.
on("me", (told) => {
  here = told.here;
  owner = told.owner;
});

/** Minutes since somebody last had a page of ours before them. */
export const minutesAway = () => (Date.now() - Number(localStorage.getItem(THERE) || 0)) / 60000;

/** Somebody is there now. */
export const mark = () => localStorage.setItem(THERE, String(Date.now()));
