/// Live figures in a page: a worker trains the runs that the sliders describe, with the engine of the command line compiled to
/// WebAssembly, and the page draws their median and quartiles over the figure. While a training is under way only the newest
/// position of the sliders waits for the next.
enum LiveScript {
  static let text = """
    // The worker's own text: it gets the compressed engine once, then numbers.
    const trainer = () => {
      let ready = null;
      const quantile = (sorted, p) => {
        const place = p * (sorted.length - 1), at = Math.floor(place), part = place - at;
        const a = sorted[at], b = sorted[Math.min(at + 1, sorted.length - 1)];
        return part === 0 || a === b ? a : a + part * (b - a);
      };
      const start = async (bytes) => {
        const stream = new Response(bytes).body.pipeThrough(new DecompressionStream("gzip"));
        const module = await WebAssembly.compile(await new Response(stream).arrayBuffer());
        return (await WebAssembly.instantiate(module, {})).exports;
      };
      const train = (engine, { numbers, grid, norms }) => {
        const began = performance.now(), place = engine.room(numbers.length);
        new Float64Array(engine.memory.buffer, place, numbers.length).set(numbers);
        const count = engine.train();
        if (!count) return { fault: true };
        const all = new Float64Array(engine.memory.buffer, engine.results(), count), runs = [], finals = [];
        let diverged = 0;
        for (let at = 0; at < count;) {
          const [hasDiverged, , final, length] = all.subarray(at, at + 4), first = at + 4 + (norms ? length : 0);
          runs.push({ hasDiverged, values: all.subarray(first, first + length) });
          diverged += hasDiverged;
          finals.push(hasDiverged ? Infinity : final);
          at += 4 + 2 * length;
          at += 1 + all[at];
        }
        const seconds = (performance.now() - began) / 1000, shown = { low: [], median: [], high: [] };
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
        return { ...shown, grid, runs: runs.length, diverged, final: quantile(finals, 0.5), seconds };
      };
      onmessage = async ({ data }) => {
        if (data.engine) { ready = start(data.engine); return; }
        try {
          postMessage(train(await ready, data));
        } catch (error) {
          // A trap leaves the engine's memory in no known state.
          postMessage({ fault: true, stopped: true });
        }
      };
    };
    const live = (figure) => {
      const source = figure.querySelector(".live-runs"), engine = element("engine");
      if (!source || !engine || typeof Worker !== "function" || typeof DecompressionStream !== "function") return;
      const data = json(source), box = figure.querySelector(".live"), said = element(`${figure.id}-trained`);
      const number = (value) => Number(value), head = data.head.map(number);
      const inputs = [...box.querySelectorAll("input, select")];
      const buttons = Object.fromEntries([...box.querySelectorAll("button")].map((button) => [button.dataset.action, button]));
      const steps = head[data.fields.indexOf("steps")], invitation = said.textContent;
      let values = [], worker = null, busy = false, wanted = false, result = null, shownSteps = Infinity, timer = 0;
      const short = (value) => Number(value.toPrecision(3));
      const place = ({ low, high, log, whole }, value) =>
        whole ? value : Math.round(1000 * (log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)));
      const valueAt = ({ low, high, log, whole }, at) =>
        whole ? at : short(log ? low * (high / low) ** (at / 1000) : low + (high - low) * at / 1000);
      const showValues = () => data.controls.forEach((control, index) => {
        inputs[index].value = place(control, values[index]);
        if (control.choices) return;
        inputs[index].setAttribute("aria-valuetext", `${values[index]}`);
        inputs[index].nextElementSibling.textContent = `${values[index]}`;
      });
      const axes = () => json(figure.querySelector(".places"))[0];
      // The steps that are drawn: dense where the axis is.
      const grid = () => {
        const { x } = axes(), all = new Set();
        for (let i = 0; i <= 300; i++)
          all.add(Math.round(x.kind === "log" ? (steps - 1) ** (i / 300) : (steps - 1) * i / 300));
        return [...all].filter((step) => step < steps && (step > 0 || x.kind !== "log")).sort((a, b) => a - b);
      };
      const numbers = () => {
        const first = [...head], layers = data.layers.map((layer) => layer.map(number));
        data.controls.forEach(({ field, choices }, index) => {
          const chosen = choices?.[values[index]].numbers.map(number);
          if (field === "layers") for (const layer of layers) layer.splice(1, chosen.length, ...chosen);
          else if (chosen) first.splice(data.fields.indexOf(field), chosen.length, ...chosen);
          else if (field === "units") for (const layer of layers) layer[0] = values[index];
          else first[data.fields.indexOf(field)] = values[index];
        });
        return Float64Array.from([...first, layers.length, ...layers.flat(), ...data.rest.map(number)]);
      };
      const draw = () => {
        for (const { picture } of figure.pictures) {
          picture.querySelector(".live-layer")?.remove();
          if (!result) continue;
          const { frame: [left, top, width, height], x, y } = json(picture.querySelector(".places"))[0];
          const point = (step, value) => {
            const up = Math.min(Math.max(along(y, value), 0), 1);
            return `${(left + Math.min(Math.max(along(x, step), 0), 1) * width).toFixed(2)},${(top + (1 - up) * height).toFixed(2)}`;
          };
          const shown = result.grid.filter((step) => step <= shownSteps);
          const line = (list) => shown.map((step, index) => point(step, list[index]));
          const layer = document.createElementNS("http://www.w3.org/2000/svg", "g");
          layer.setAttribute("class", "live-layer");
          for (const [name, kind, points] of [
            ["live-band", "polygon", [...line(result.low), ...line(result.high).reverse()]],
            ["live-median", "polyline", line(result.median)],
          ]) {
            const mark = document.createElementNS("http://www.w3.org/2000/svg", kind);
            mark.setAttribute("class", name);
            mark.setAttribute("points", points.join(" "));
            layer.append(mark);
          }
          picture.querySelector("svg").append(layer);
        }
        if (!result) { said.textContent = invitation; return; }
        const { runs, diverged, final, seconds } = result;
        const ends = diverged ? `${diverged} of ${runs} diverged` : "none diverged";
        const until = shownSteps < steps ? `, shown to step ${Math.floor(shownSteps)}` : "";
        said.textContent = `Trained here: ${runs} ${runs === 1 ? "run" : "runs"} of ${steps} steps in ${(1000 * seconds).toFixed(0)} ms${until}. ` +
          `Black line: their median; grey: first to third quartile. Median final loss: ${Number.isFinite(final) ? short(final) : "∞"}; ${ends}.`;
      };
      const send = () => {
        if (busy) { wanted = true; return; }
        if (!worker) {
          worker = new Worker(URL.createObjectURL(new Blob([`(${trainer})()`], { type: "text/javascript" })));
          worker.onmessage = ({ data: answer }) => {
            busy = false;
            if (answer.stopped) { worker.terminate(); worker = null; }
            result = answer.fault ? null : answer;
            draw();
            if (answer.fault) said.textContent = "The page could not train these runs; the command line can.";
            figure.dataset.trained = Number(figure.dataset.trained ?? 0) + 1;
            if (wanted) { wanted = false; send(); }
          };
          const bytes = Uint8Array.from(atob(engine.textContent), (letter) => letter.charCodeAt(0));
          worker.postMessage({ engine: bytes });
        }
        busy = true;
        worker.postMessage({ numbers: numbers(), grid: grid(), norms: data.norms });
      };
      const settingOf = ({ choices }, index) => choices ? choices[values[index]].setting : values[index];
      const address = () => {
        const parts = data.controls.map((control, index) => `${control.name}=${encodeURIComponent(settingOf(control, index))}`);
        history.replaceState(null, "", `#live=${figure.id}&${parts.join("&")}`);
      };
      const stop = () => {
        clearInterval(timer);
        timer = 0;
        buttons.play.textContent = "Play";
      };
      const changed = () => {
        stop();
        shownSteps = Infinity;
        showValues();
        send();
      };
      const reset = () => { values = data.controls.map(({ start }) => start); };
      // The next drawn step; more than one of them where the whole has many.
      const forward = (count) => {
        if (!result) return send();
        const next = result.grid.find((step) => step > (shownSteps === Infinity ? -1 : shownSteps));
        const at = next === undefined ? -1 : Math.min(result.grid.indexOf(next) + count - 1, result.grid.length - 1);
        shownSteps = at < 0 || at === result.grid.length - 1 ? Infinity : result.grid[at];
        if (shownSteps === Infinity) stop();
        draw();
      };
      const command = () => {
        const sets = new Map(data.settings);
        let seeds = head[data.fields.indexOf("seedCount")];
        data.controls.forEach((control, index) => {
          // The set-up's own value need not be one that the command line can name.
          if (control.choices && values[index] === control.start) return;
          if (control.name === "seeds") seeds = values[index]; else sets.set(control.name, settingOf(control, index));
        });
        const quoted = (word) => /^[A-Za-z0-9=+\\-._,:\\/]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\\\''")}'`;
        const words = [...sets].map(([name, value]) => `--set ${quoted(`${name}=${value}`)}`);
        return `${data.command} ${words.join(" ")} --seeds ${data.firstSeed}..<${data.firstSeed + seeds}`;
      };
      inputs.forEach((input, index) => {
        input.addEventListener("input", () => {
          values[index] = valueAt(data.controls[index], Number(input.value));
          changed();
        });
        input.addEventListener("change", address);
      });
      buttons.play.addEventListener("click", () => {
        if (timer) return stop();
        if (!result) send();
        buttons.play.textContent = "Pause";
        timer = setInterval(() => { if (result) forward(3); }, 40);
      });
      buttons.step.addEventListener("click", () => { stop(); forward(1); });
      buttons.reset.addEventListener("click", () => {
        stop();
        reset();
        result = null;
        wanted = false;
        shownSteps = Infinity;
        showValues();
        draw();
        history.replaceState(null, "", location.pathname + location.search);
      });
      buttons.copy.addEventListener("click", async () => {
        const text = command();
        try {
          await navigator.clipboard.writeText(text);
          said.textContent = `Copied: ${text}`;
        } catch {
          said.textContent = text;
        }
      });
      reset();
      const asked = new URLSearchParams(location.hash.slice(1));
      if (asked.get("live") === figure.id) {
        data.controls.forEach(({ name, low, high, whole, choices }, index) => {
          const text = asked.get(name);
          const value = choices ? choices.findIndex(({ setting }) => setting === text) : Number(text ?? NaN);
          if (value >= low && value <= high && (!whole || Number.isInteger(value))) values[index] = value;
        });
        send();
      }
      showValues();
      box.hidden = false;
    };
    """
}
