/// The worker of live figures: it gets the compressed engine once, then numbers, and answers with what is drawn.
enum LiveWorker {
  static let text = """
    const trainer = () => {
      let ready = null;
      const quantile = (sorted, p) => {
        const place = p * (sorted.length - 1), at = Math.floor(place), part = place - at;
        const a = sorted[at], b = sorted[Math.min(at + 1, sorted.length - 1)];
        return part === 0 || a === b ? a : a + part * (b - a);
      };
      const start = async (forms) => {
        for (const bytes of forms) {
          const stream = new Response(bytes).body.pipeThrough(new DecompressionStream("gzip"));
          const code = await new Response(stream).arrayBuffer();
          // Not every browser knows the instruction of the fused form, and not every processor rounds it once.
          if (!WebAssembly.validate(code)) continue;
          const engine = (await WebAssembly.instantiate(await WebAssembly.compile(code), {})).exports;
          if (engine.multiplyAdd(1 + 2 ** -27, 1 - 2 ** -27, -1) === -(2 ** -54)) return engine;
        }
        throw new Error("no engine");
      };
      // The engine reads numbers in its room and leaves its results in its memory, until the next call.
      const call = (engine, name, numbers) => {
        // Making room can move the memory to another buffer.
        const place = engine.room(numbers.length);
        new Float64Array(engine.memory.buffer, place, numbers.length).set(numbers);
        const count = engine[name]();
        return count ? new Float64Array(engine.memory.buffer, engine.results(), count) : null;
      };
      const tasks = {
        // Median and quartiles of all runs at the steps of a grid.
        curve: (engine, { numbers, grid, norms }) => {
          const all = call(engine, "train", numbers);
          if (!all) return { fault: true };
          const runs = [], finals = [], lengths = [], shown = { low: [], median: [], high: [] };
          let diverged = 0;
          for (let at = 0; at < all.length;) {
            const [hasDiverged, made, final, length] = all.subarray(at, at + 4), first = at + 4 + (norms ? length : 0);
            runs.push({ hasDiverged, values: all.subarray(first, first + length) });
            diverged += hasDiverged;
            finals.push(hasDiverged || Number.isNaN(final) ? Infinity : final);
            lengths.push(made);
            at += 4 + 2 * length;
            at += 1 + all[at];
          }
          for (const step of grid) {
            const values = runs.map(({ hasDiverged, values }) =>
              step < values.length ? values[step] : hasDiverged ? Infinity : values[values.length - 1]);
            for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = Infinity;
            values.sort((a, b) => a - b);
            shown.low.push(quantile(values, 0.25));
            shown.median.push(quantile(values, 0.5));
            shown.high.push(quantile(values, 0.75));
          }
          finals.sort((a, b) => a - b);
          return { ...shown, runs: runs.length, diverged, final: quantile(finals, 0.5), most: Math.max(...lengths), least: Math.min(...lengths) };
        },
        // The parameters of one run at the steps of a grid, and the outputs of its network at some inputs.
        run: (engine, { numbers, isObjective, start, grid, inputs }) => {
          const all = call(engine, "follow", [isObjective ? 1 : 0, grid.length, ...grid, start.length, ...start, ...numbers]);
          if (!all) return { fault: true };
          const width = all[0], size = 3 + width * (isObjective ? 2 : 1), frames = [];
          for (let at = 1; at < all.length; at += size) {
            const [step, diverged, loss] = all.subarray(at, at + 3);
            frames.push({ step, diverged, loss, parameters: all.slice(at + 3, at + 3 + width), gradient: all.slice(at + 3 + width, at + size) });
          }
          for (const frame of inputs ? frames : [])
            frame.outputs = call(engine, "evaluate", [inputs.length, ...inputs, width, ...frame.parameters, ...numbers])?.slice();
          return { frames };
        },
      };
      onmessage = async ({ data }) => {
        if (data.forms) { ready = start(data.forms); return; }
        const { round, task, grid } = data;
        try {
          const engine = await ready, began = performance.now(), answer = tasks[task](engine, data);
          postMessage({ ...answer, round, grid, seconds: (performance.now() - began) / 1000 });
        } catch (error) {
          // A trap leaves the engine's memory in no known state.
          postMessage({ round, fault: true, stopped: true });
        }
      };
    };
    """
}
