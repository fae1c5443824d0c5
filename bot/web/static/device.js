/**
 * What lies on this device: three IndexedDB stores.
 *
 * pending: my messages that are not answered yet; shown: the transcript that may stay; meta: small facts by name.
 * What must not stay (complaints) never comes here once it is answered: see shown.js.
 */

let opening = null;

function open() {
  opening =
    opening ||
    new Promise((resolve, reject) => {
      const request = indexedDB.open("jishiyu", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("pending", { keyPath: "key" });
        request.result.createObjectStore("shown", { keyPath: "key" });
        request.result.createObjectStore("meta");
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => {
        opening = null; // the next call tries anew
        reject(request.error);
      };
    });
  return opening;
}

/**
 * One transaction: `work` gets the stores by name and may return a request, whose result is the answer.
 * Resolves when it is on the disk, rejects (QuotaExceededError …) when nothing of it is.
 */
export async function transact(names, mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, mode, { durability: "strict" });
    const request = work(Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)])));
    transaction.oncomplete = () => resolve(request ? request.result : undefined);
    transaction.onabort = () => reject(transaction.error);
  });
}

export const all = (store) => transact([store], "readonly", (stores) => stores[store].getAll());
export const put = (store, row) => transact([store], "readwrite", (stores) => void stores[store].put(row));

/** Changes a row that is still there; false when it has gone meanwhile, and then it stays gone. */
export async function change(store, key, values) {
  let found = false;
  await transact([store], "readwrite", (stores) => {
    const request = stores[store].get(key);
    request.onsuccess = () => {
      found = request.result !== undefined;
      if (found) stores[store].put({ ...request.result, ...values });
    };
  });
  return found;
}

export const remove = (store, keys) =>
  transact([store], "readwrite", (stores) => keys.forEach((key) => stores[store].delete(key)));

export const fact = (name) => transact(["meta"], "readonly", (stores) => stores.meta.get(name));

/** Sets a small fact; undefined removes it. */
export const setFact = (name, value) =>
  transact(["meta"], "readwrite", ({ meta }) => void (value === undefined ? meta.delete(name) : meta.put(value, name)));

/** A key made once for each message. `crypto.randomUUID` is missing in older browsers and on plain http. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
