// What the store tells as it comes, over one connection that is held. Read by hand, for a page has to know the cursor at every moment: who goes on by it, here or by asking, misses nothing.
const silence = 15_000;

/**
 * Follows an address until the answer ends, which it does by itself after some minutes. Fails when there is no such answer, or the store is silent, though it speaks every 3 s.
 * `heard` gets events and the cursor after them; neither when nothing changed.
 */
export async function listen(address, stop, heard) {
  const silent = new AbortController();
  const signal = AbortSignal.any([stop, silent.signal]);
  let patience;
  const hope = () => {
    clearTimeout(patience);
    patience = setTimeout(() => silent.abort(new Error("The store fell silent.")), silence);
  };
  hope();
  try {
    const answer = await fetch(address, { headers: { Accept: "text/event-stream" }, cache: "no-store", signal });
    if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("text/event-stream")) throw Object.assign(new Error(`The store answered ${answer.status}.`), { status: answer.status });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "", events = [];
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      hope();
      const blocks = (text + part.value).split("\n\n");
      text = blocks.pop();
      for (const block of blocks) {
        let cursor = null;
        for (const line of block.split("\n")) {
          if (line.startsWith("data: ")) events.push(JSON.parse(line.slice(6)));
          else if (line.startsWith("id: ")) cursor = line.slice(4);
          else if (line.startsWith(":")) heard([], null);
        }
        // Events belong to the cursor behind them.
        if (cursor !== null) {
          heard(events, cursor);
          events = [];
        }
      }
    }
  } finally {
    clearTimeout(patience);
    // Whatever ended it, nobody reads on: a connection that is still there is let go.
    silent.abort();
  }
}
