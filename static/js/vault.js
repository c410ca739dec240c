// What is typed but not saved yet, kept in this browser as ciphertext only: a killed tab or browser loses nothing.
// The key comes from the server with the card's page, for its author alone, and ends with the submission.

const STORE = "unsaved";
const MOST_AT_ONCE = 3;
const TO_DISK = 500; // milliseconds

function ask(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function openDatabase() {
  const request = indexedDB.open("loopcard", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "page" }).createIndex("card", "card");
  return ask(request);
}

// Relaxed, the browser has it, and a killed tab or browser loses nothing. Strict, the disk has it too: many times as slow.
async function write(database, act, durability = "strict") {
  const transaction = database.transaction(STORE, "readwrite", { durability });
  act(transaction.objectStore(STORE));
  transaction.commit(); // now: the commit of a page that is gone by then never comes
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
}

// Cards of which this browser still holds text, by id.
export async function listCards() {
  const rows = await ask((await openDatabase()).transaction(STORE).objectStore(STORE).getAll());
  return new Set(rows.map((row) => row.card));
}

// What is left of a card whose key is gone: nobody can read it any more.
export async function forget(card) {
  const database = await openDatabase();
  const pages = await ask(database.transaction(STORE).objectStore(STORE).index("card").getAllKeys(card));
  await write(database, (store) => pages.forEach((page) => store.delete(page)));
}

export class Vault {
  #database;
  #key;
  #next = null;
  #writing = 0;
  #kept = null; // the row as it was handed over last
  #toDisk = null;

  // `hexKey` is the card's key as the page carries it. While this page lives it holds a lock by its own name, so that
  // another one can tell what a dead page left from what a living one is about to save.
  static async open(card, hexKey) {
    const vault = new Vault();
    vault.card = card;
    vault.page = crypto.randomUUID();
    const bytes = Uint8Array.from(hexKey.match(/../g), (pair) => Number.parseInt(pair, 16));
    vault.#key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    vault.#database = await openDatabase();
    await new Promise((held) => {
      navigator.locks.request(vault.page, () => {
        held();
        return new Promise(() => {});
      });
    });
    return vault;
  }

  // Keep `state` instead of what was kept before; null keeps nothing. A change is handed over at once, for the tab may be
  // killed at the next letter; where the disk is slower than the typing, only the newest waits.
  async keep(state) {
    this.#next = { state };
    while (this.#next && this.#writing < MOST_AT_ONCE) await this.#write();
    this.#toDisk ??= setTimeout(() => this.#sync(), TO_DISK);
  }

  // Against a power cut: what the browser has goes to the disk, at most so often.
  async #sync() {
    this.#toDisk = null;
    await write(this.#database, (store) => (this.#kept ? store.put(this.#kept) : store.delete(this.page))).catch(() => {}); // storage is full: the next change says so
  }

  async #write() {
    const { state } = this.#next;
    this.#next = null;
    this.#writing += 1;
    try {
      const row = state && (await this.#seal(state));
      this.#kept = row;
      await write(this.#database, (store) => (row ? store.put(row) : store.delete(this.page)), "relaxed");
    } finally {
      this.#writing -= 1;
    }
  }

  async #seal(state) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(state));
    return { page: this.page, card: this.card, iv, text: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.#key, text) };
  }

  // What other pages of this card leave unsaved, handed to `take`: at once where they are gone, else as soon as they go.
  // What the key does not open is from before a submission, and nobody's any more.
  async inherit(take) {
    const pages = await ask(this.#database.transaction(STORE).objectStore(STORE).index("card").getAllKeys(this.card));
    for (const page of pages) navigator.locks.request(page, () => this.#take(page, take));
  }

  async #take(page, take) {
    const row = await ask(this.#database.transaction(STORE).objectStore(STORE).get(page));
    const state = row && (await this.#unseal(row));
    if (state) await take(state);
    await write(this.#database, (store) => store.delete(page));
  }

  async #unseal({ iv, text }) {
    try {
      return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.#key, text)));
    } catch {
      return null;
    }
  }
}
