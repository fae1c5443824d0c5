/**
 * The transcript: what may stay on the device, and what vanishes from it.
 *
 * A complaint is never stored once it is answered: my words go at once, the answer with its receipt and code is held
 * in memory until “我记下了”, until the page is left, or for ten minutes. A crisis stays while it is open and the
 * person is there. Somebody else in the house may take up this phone.
 */

import { on, tell, tellHere } from "./bus.js";
import { all, fact, put, remove, setFact, transact } from "./device.js";
import { became, bySaid, nextOrder } from "./pending.js";
import { LEFT_BEHIND } from "./session.js";
import { serverNow } from "./wire.js";

const KEPT = 200; // rows of the transcript; older ones go
const RECEIPT_MINUTES = 10; // how long the answer to a complaint stands on the screen

/** Answers to complaints: in this tab's memory and nowhere else. */
const secret = new Map();

export const keyOf = (mail) => `mail-${mail.id}`;

const inOrder = (rows) => rows.sort((one, other) => one.order - other.order);

/** What was shown here before, oldest first. */
export async function transcript() {
  const rows = inOrder(await all("shown"));
  const old = rows.slice(0, Math.max(0, rows.length - KEPT));
  if (old.length) await remove("shown", old.map((row) => row.key));
  return rows.slice(old.length);
}

/**
 * Takes in one message of the bot's, and with it my message that it answers: it moves to the transcript, or goes for
 * good. The answer to a complaint is told to the tabs as `secret`: shown, and stored nowhere. False: not even shown.
 */
export async function take(mail) {
  if (mail.over && mail.about) await forget((row) => row.private === "crisis" && row.about === mail.about);
  const fate = { private: mail.private, about: mail.about };
  if (mail.answers) await answered(mail.answers, fate);
  const row = { key: keyOf(mail), mine: false, order: nextOrder(), ...fate, mail };
  if (mail.private === "complaint") {
    // Left waiting at the server for so long it may meet another reader.
    const fresh = serverNow() - new Date(mail.at) < LEFT_BEHIND * 60000;
    if (fresh) tell("row", { ...row, secret: true });
    return fresh;
  }
  await put("shown", row);
  tell("row", row);
  return true;
}

/** My message has its answer. Where the answer came before the server's receipt for it, `early` keeps that in mind. */
async function answered(id, fate) {
  const own = await bySaid(id);
  if (own) return settle(own, fate);
  const stored = (await all("shown")).find((row) => row.mine && row.id === id); // this is its second answer
  if (stored && fate.private) return settle(stored, fate);
  if (stored) return undefined;
  const early = (await fact("early")) || [];
  await setFact("early", [...early.slice(-KEPT), { ...fate, id }]);
  return tellHere("wake"); // whichever message it is, it is sent anew at once and then known
}

/** My message has reached the server, which calls it `id`. */
export async function delivered(own, id) {
  await became(own, { state: "sent", id });
  const fate = ((await fact("early")) || []).find((one) => one.id === id);
  if (fate) await settle({ ...own, id }, fate);
}

async function settle(own, { private: secrecy, about }) {
  if (secrecy === "complaint") {
    await transact(["pending", "shown"], "readwrite", ({ pending, shown }) => {
      pending.delete(own.key);
      shown.delete(own.key);
    });
    tell("gone", [own.key]);
    return;
  }
  const kept = { ...own, state: "sent", private: secrecy, about };
  await transact(["pending", "shown"], "readwrite", ({ pending, shown }) => {
    pending.delete(own.key);
    shown.put({ ...kept, file: null }); // photos and recordings do not stay on the device
  });
  tell("row", kept);
}

/** Whether this message is here already: the server sends again what it does not know to have arrived. */
export const isHere = async (mail) => secret.has(keyOf(mail)) || (await all("shown")).some((row) => row.key === keyOf(mail));

/** Holds the answer to a complaint in memory. The ten minutes run from when it stood before somebody's eyes. */
export function hold(row) {
  secret.set(row.key, { timer: setTimeout(() => letGo(row.key), LEFT_BEHIND * 60000), read: false });
}

on("saw", (id) => {
  const key = keyOf({ id });
  const held = secret.get(key);
  if (!held || held.read) return;
  clearTimeout(held.timer);
  secret.set(key, { timer: setTimeout(() => letGo(key), RECEIPT_MINUTES * 60000), read: true });
});

/** “我记下了”, or the time is over: in all tabs. */
export function letGo(key) {
  forgetSecret(key);
  tell("gone", [key]);
}

export function forgetSecret(key) {
  if (secret.has(key)) clearTimeout(secret.get(key).timer);
  secret.delete(key);
}

/** The page is being left. */
export const secrets = () => [...secret.keys()];

/** Crises that nobody has been here to see for half an hour. */
export const forgetCrises = () => forget((row) => row.private === "crisis");

/** Everything that was shown; what waits to be sent is not in it. */
export const forgetTranscript = () => forget(() => true);

async function forget(goes) {
  const rows = (await all("shown")).filter(goes);
  if (!rows.length) return;
  await remove("shown", rows.map((row) => row.key));
  tell("gone", rows.map((row) => row.key));
}
