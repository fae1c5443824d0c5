/** The officers' door: signing in by link or code, a session that has ended, signing out. */

import { happens, on, tellHere } from "./bus.js";
import { mine } from "./pending.js";
import { current, currentOwner, settle, signIn } from "./session.js";
import { Failed } from "./wire.js";
import { WORDS } from "./words.js";

const opener = document.getElementById("door-opener");
const door = document.getElementById("door");
const text = document.getElementById("door-text");
const code = document.getElementById("code");
const leave = document.getElementById("leave");

let warned = false; // that something waits to be sent

/** The token of a one-time link, taken out of the address bar before anything else happens. */
export function tokenFromAddress() {
  const found = /^#in=(.+)$/.exec(location.hash);
  if (!found) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return decodeURIComponent(found[1]);
}

function show(sentence, open = true) {
  door.hidden = !open;
  opener.setAttribute("aria-expanded", String(open));
  text.textContent = sentence;
  showWho();
}

function showWho() {
  const { me } = current();
  const officer = currentOwner() !== "resident";
  document.getElementById("who").textContent = officer ? [me.name, me.title].filter(Boolean).join(" ") : (me && me.place) || "";
  opener.textContent = !door.hidden ? WORDS.close : officer ? WORDS.signOut : WORDS.signIn;
}

/** Tries as long as there is no network; what the server refuses is said, with the field for a code. */
export async function enter(secret) {
  for (;;) {
    show(WORDS.signingIn);
    try {
      await signIn(secret);
      show("", false);
      const { me } = current();
      tellHere("trouble", WORDS.signedIn([me.name, me.title].filter(Boolean).join(" ")));
      document.getElementById("say").focus();
      return true;
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      if (!error.passes) {
        show(error.message || WORDS.badDoor);
        code.focus();
        return false;
      }
      if (error.status) show(error.message || WORDS.badDoor);
      await happens(["wake"], error.retryAfter ? error.retryAfter * 1000 : 5000);
    }
  }
}

async function toggle() {
  if (!door.hidden) return show("", false);
  if (currentOwner() === "resident") {
    show(WORDS.doorHint);
    code.focus();
    return undefined;
  }
  const waiting = (await mine()).filter((row) => row.state === "waiting").length;
  if (waiting && !warned) {
    warned = true;
    tellHere("trouble", WORDS.waitingAtSignOut(waiting));
    return undefined;
  }
  warned = false;
  return leaveOffice();
}

/** From an officer to a resident; without a network it cannot be done, and is said. */
async function leaveOffice() {
  try {
    await settle();
    show("", false);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    tellHere("trouble", error.message || WORDS.badDoor);
  }
}

export function start() {
  opener.addEventListener("click", toggle);
  leave.addEventListener("click", leaveOffice);
  document.getElementById("door-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const written = code.value.trim();
    code.value = "";
    if (written) enter({ code: written });
  });
  on("ended", () => {
    leave.hidden = false;
    show(WORDS.ended);
  });
  on("me", () => {
    leave.hidden = true;
    if (text.textContent === WORDS.ended) show("", false);
    showWho();
  });
  showWho();
}
