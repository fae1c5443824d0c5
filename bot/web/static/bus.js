/**
 * What happens is told to every tab of this device, so that all show the same.
 *
 * row: a message to show, new or changed · gone: keys to take away · outbox: something waits to be sent ·
 * saw: a message stood on the screen · me: who uses this device · line: the network is there or not ·
 * ended: the session has ended · wake: try the network now (this tab only).
 */

const channel = "BroadcastChannel" in window ? new BroadcastChannel("jishiyu") : null;
const listeners = new Map();

const hear = (type, detail) => (listeners.get(type) || []).forEach((listener) => listener(detail));

if (channel) channel.onmessage = (event) => hear(event.data.type, event.data.detail);

export function on(type, listener) {
  listeners.set(type, [...(listeners.get(type) || []), listener]);
}

/** Tells this tab and all others. */
export function tell(type, detail) {
  if (channel) channel.postMessage({ type, detail });
  hear(type, detail);
}

/** Tells this tab only. */
export const tellHere = hear;

/** Waits for one of the happenings, or for the milliseconds. */
export function happens(types, milliseconds) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      types.forEach((type) => listeners.set(type, listeners.get(type).filter((one) => one !== done)));
      resolve();
    };
    const timer = milliseconds === undefined ? 0 : setTimeout(done, milliseconds);
    types.forEach((type) => on(type, done));
  });
}
