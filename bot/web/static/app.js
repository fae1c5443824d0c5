/** The page opens: first what this device remembers, then the server. */

import { on, tell, tellHere } from "./bus.js";
import { clearDraft, grow, restoreDraft, start as startComposer, write } from "./composer.js";
import * as door from "./door.js";
import { hold } from "./line.js";
import { forgetDelivered, mine } from "./pending.js";
import { current, greet, LEFT_BEHIND, mark, minutesAway, remember } from "./session.js";
import { forgetCrises, forgetTranscript, secrets, transcript } from "./shown.js";
import { atEnd, clear, make, restore, take, toEnd } from "./view.js";
import { Failed, post, serverNow, setClock } from "./wire.js";
import { dayAndClock, WORDS } from "./words.js";

const BIGGER = "jishiyu.bigger";
const line = document.getElementById("line");
const bigger = document.getElementById("bigger");

function setSize(big) {
  document.documentElement.classList.toggle("big", big);
  bigger.setAttribute("aria-pressed", String(big));
}

function showGreeting() {
  const { greeting, menu } = current();
  document.getElementById("greeting").hidden = !greeting;
  document.getElementById("greeting-text").textContent = greeting;
  const choices = menu.map((label) => make("button", { type: "button", onclick: () => write(label) }, label));
  document.getElementById("menu").replaceChildren(...choices);
}

function showDemo() {
  document.getElementById("demo").hidden = !current().demo;
  document.getElementById("demo-clock").textContent = dayAndClock(serverNow());
}

async function wind(hours) {
  try {
    setClock(new Date((await post("/api/demo/wait", { hours })).now));
    showDemo();
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    line.textContent = error.message || WORDS.offline;
  }
}

/** Whoever comes back after half an hour may be somebody else. */
async function comeBack() {
  if (minutesAway() > LEFT_BEHIND) {
    restoreDraft(); // clears what is old
    await forgetCrises();
    await forgetDelivered();
  }
  if (document.visibilityState === "visible") mark();
}

async function showAll() {
  const rows = [...(await transcript()), ...(await mine())];
  restore(rows.sort((one, other) => one.order - other.order));
}

function listen() {
  on("line", ({ up, busy }) => {
    if (busy || !up) line.textContent = busy ? WORDS.busy : WORDS.offline;
    else if ([WORDS.busy, WORDS.offline].includes(line.textContent)) line.textContent = "";
  });
  on("trouble", (sentence) => {
    line.textContent = sentence;
  });
  on("outbox", () => {
    if (![WORDS.busy, WORDS.offline].includes(line.textContent)) line.textContent = ""; // it has been read
  });
  on("me", async ({ changed, other }) => {
    showGreeting();
    showDemo();
    if (!changed) return;
    clear();
    if (other) clearDraft();
    await showAll();
  });
  on("ended", async () => {
    await forgetTranscript(); // an officer may have left: what was told here does not stay
    clear();
    restore(await mine());
  });
  bigger.addEventListener("click", () => {
    const big = !document.documentElement.classList.contains("big");
    const follow = atEnd();
    setSize(big);
    grow();
    if (follow) toEnd();
    localStorage.setItem(BIGGER, big ? "yes" : "");
  });
  document.querySelectorAll("#demo [data-hours]").forEach((one) => {
    one.addEventListener("click", () => wind(Number(one.dataset.hours)));
  });
  window.addEventListener("offline", () => tell("line", { up: false }));
  window.addEventListener("pagehide", () => secrets().forEach(take));
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState === "hidden") return mark();
    await comeBack();
    return tellHere("wake");
  });
  setInterval(() => {
    comeBack();
    showDemo();
  }, 20000);
}

/** Until the server has greeted us; what is written meanwhile waits. */
async function meet(token) {
  if (token) await door.enter({ token });
  for (let wait = 1000; ; wait = Math.min(wait * 2, 30000)) {
    try {
      if (!(await greet())) tell("ended");
      return;
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      tellHere("line", { up: error.status !== 0 });
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, wait);
        window.addEventListener("online", () => resolve(clearTimeout(timer)), { once: true });
      });
    }
  }
}

async function open() {
  const token = door.tokenFromAddress();
  setSize(localStorage.getItem(BIGGER) === "yes");
  await remember();
  await comeBack();
  listen();
  startComposer();
  door.start();
  showGreeting();
  await showAll();
  if ("serviceWorker" in navigator) keepShell();
  await meet(token);
  hold();
}

/** The page itself is kept on the device, and looked up anew in the background for the next opening. */
async function keepShell() {
  const registration = await navigator.serviceWorker.register("/sw.js").catch(() => null); // not allowed: then without
  if (!registration || !navigator.serviceWorker.controller) return; // the first time it has just been fetched
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage("renew");
}

open().catch((error) => {
  line.textContent = WORDS.broken;
  throw error;
});
