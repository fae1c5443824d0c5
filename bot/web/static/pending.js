/**
 * My messages until they are answered: written to the device first, sent in the order in which they were written,
 * each with the key that was made for it once. The answer decides whether a message may stay (shown.js).
 */

import { tell } from "./bus.js";
import { all, change, newKey, put, remove, transact } from "./device.js";
import { currentOwner, LEFT_BEHIND } from "./session.js";
import { serverNow } from "./wire.js";

/**
 * A message of mine. `order` is when it came to this device and its place in the list; `on` the message whose button
 * was pressed; `state` waiting, sent or refused; `id` the server's name of it once it is sent.
 * @typedef {{key: string, owner: string, mine: true, order: number, said_at: string, text: ?string, press: ?string,
 *   on: ?number, place: ?{lat: number, lon: number}, file: ?Blob, kind: ?string, state: string, id: ?string,
 *   why: ?string}} Mine
 */

let last = 0;

/** A place in the list after everything before it, also within one millisecond. */
export function nextOrder() {
  last = Math.max(last + 1, Date.now());
  return last;
}

/** Keeps a message on the device and has it sent. Rejects when the device is full: then it is not taken. */
export async function add(fields) {
  const row = {
    key: newKey(),
    owner: currentOwner(),
    mine: true,
    order: nextOrder(),
    said_at: serverNow().toISOString(),
    text: null,
    press: null,
    on: null,
    place: null,
    file: null,
    kind: null,
    state: "waiting",
    id: null,
    why: null,
    ...fields,
  };
  await put("pending", row);
  tell("row", row);
  tell("outbox");
}

/** What the present owner wrote here and nobody has answered, in order. */
export async function mine() {
  const rows = await all("pending");
  return rows.filter((row) => row.owner === currentOwner()).sort((one, other) => one.order - other.order);
}

export const nextWaiting = async () => (await mine()).find((row) => row.state === "waiting");
export const bySaid = async (id) => (await all("pending")).find((row) => row.id === id);

/** What became of sending it; a message that was taken back or answered meanwhile is left alone. */
export async function became(row, values) {
  if (await change("pending", row.key, values)) tell("row", { ...row, ...values });
}

/** Takes back what has not gone out yet. False: too late, it is on its way or there. */
export async function takeBack(key) {
  let taken = false;
  await transact(["pending"], "readwrite", ({ pending }) => {
    const request = pending.get(key);
    request.onsuccess = () => {
      taken = request.result !== undefined && request.result.state !== "sent";
      if (taken) pending.delete(key);
    };
  });
  if (taken) tell("gone", [key]);
  return taken;
}

/** What has long been delivered and got no answer is the server's now: it need not lie open on a phone. */
export async function forgetDelivered() {
  const limit = Date.now() - LEFT_BEHIND * 60000;
  const rows = (await all("pending")).filter((row) => row.state === "sent" && row.order < limit);
  await remove("pending", rows.map((row) => row.key));
  tell("gone", rows.map((row) => row.key));
}
