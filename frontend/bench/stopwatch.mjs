// The stopwatch that runs inside the page: from a real input event to the frame that shows what it did.

/** Added to every page before its own scripts. */
export function install() {
  const text = (id) => document.getElementById(`text-${id}`)?.textContent ?? '';
  const spot = (id) => document.querySelector(`.react-flow__node[data-id="${id}"]`)?.style.transform ?? '';
  const chosen = () => document.querySelector('[data-card][data-selected]')?.getAttribute('data-card') ?? '';
  /** What is asked before the input; the answer after it must be another. */
  const views = {
    chosen,
    text: (id) => text(id),
    spot: (id) => spot(id),
    there: (id) => String(document.querySelector(`[data-card="${id}"]`) !== null),
    order: () => [...document.querySelectorAll('[data-card]')].map((one) => one.dataset.card).join(),
  };
  const bench = {
    pending: null,
    chosen,
    /** Arms the stopwatch: the next event of this type starts it, the first painted frame with another view ends it. */
    arm(type, view, id) {
      const was = views[view](id);
      bench.pending = new Promise((resolve) => {
        const late = setTimeout(() => resolve(null), 10_000);
        const started = (event) => {
          const look = () => {
            if (views[view](id) === was) return void requestAnimationFrame(look);
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => {
              clearTimeout(late);
              resolve(performance.now() - event.timeStamp);
            };
            port2.postMessage(null);
          };
          requestAnimationFrame(look);
        };
        window.addEventListener(type, started, { capture: true, once: true });
      });
    },
    /** Turns the wheel once a frame for a while; frames a second. */
    async pan(ms, down) {
      const pane = document.querySelector('.react-flow__pane');
      const box = pane.getBoundingClientRect();
      const at = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 };
      const began = performance.now();
      let frames = 0;
      await new Promise((resolve) => {
        const turn = () => {
          if (performance.now() - began >= ms) return resolve();
          frames += 1;
          pane.dispatchEvent(
            new WheelEvent('wheel', { ...at, deltaY: down, bubbles: true, cancelable: true }),
          );
          requestAnimationFrame(turn);
        };
        requestAnimationFrame(turn);
      });
      return (frames - 1) / ((performance.now() - began) / 1000);
    },
  };
  window.bench = bench;
}
