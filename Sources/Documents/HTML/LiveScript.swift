/// Live figures in a page: a worker trains the runs that the sliders describe, with the engine of the command line compiled to
/// WebAssembly, and the page draws them over the figure. While a training is under way only the newest position of the sliders waits
/// for the next.
enum LiveScript {
  static let text = """
    \(LiveWorker.text)
    \(LiveDrawings.text)
    const live = (figure) => {
      const source = figure.querySelector(".live-runs");
      if (!source || !element("engine") || typeof Worker !== "function" || typeof DecompressionStream !== "function") return;
      const data = json(source), box = figure.querySelector(".live"), said = box.querySelector("[id$='-trained']");
      const number = (value) => Number(value), head = data.head.map(number), isObjective = data.fields.includes("objective");
      const drawing = drawings[data.drawing.kind](data.drawing);
      const inputs = [...box.querySelectorAll("input, select")];
      const buttons = Object.fromEntries([...box.querySelectorAll("button")].map((button) => [button.dataset.action, button]));
      const invitation = said.textContent;
      let values = [], worker = null, busy = false, asked = null, wanted = null, result = null, shownSteps = Infinity, timer = 0;
      // Answers to questions that were asked before a reset are not drawn.
      let round = 0;
      // A choice that is made, and not only passed by, is told to those who do not see it.
      let isTold = false;
      const tell = () => { element("said").textContent = said.textContent; };
      const short = (value) => Number(value.toPrecision(3));
      const place = ({ low, high, log, whole }, value) =>
        whole ? value : Math.round(1000 * (log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)));
      const valueAt = ({ low, high, log, whole }, at) =>
        whole ? at : inside(short(log ? low * (high / low) ** (at / 1000) : low + (high - low) * at / 1000), low, high);
      const showValues = () => data.controls.forEach((control, index) => {
        inputs[index].value = place(control, values[index]);
        if (control.choices) return;
        inputs[index].setAttribute("aria-valuetext", `${values[index]}`);
        inputs[index].nextElementSibling.textContent = `${short(values[index])}`;
      });
      const axes = (picture = figure) => json(picture.querySelector(".places"))[0];
      const valueOf = (name) => values[data.controls.findIndex((control) => control.name === name)];
      // A run's parameters at the start, with those that sliders set.
      const moved = (start) => start.map((value, index) => {
        const at = data.controls.findIndex(({ parameter }) => parameter === index);
        return at < 0 ? value : values[at];
      });
      const numbers = () => {
        const first = [...head], layers = data.layers.map((layer) => layer.map(number));
        const stepsAt = data.fields.indexOf("steps");
        let rest = data.rest.map(number);
        data.controls.forEach(({ field, choices }, index) => {
          const chosen = choices?.[values[index]].numbers.map(number), isOwn = values[index] === data.controls[index].start;
          if (field === "start") return;
          first[stepsAt] = choices?.[values[index]].steps ?? first[stepsAt];
          // Layers may differ from each other, until one value is chosen for all.
          if (isOwn && (field === "layers" || field === "units")) return;
          if (field === "rest") rest = chosen;
          else if (field === "layers") for (const layer of layers) layer.splice(1, chosen.length, ...chosen);
          else if (chosen) first.splice(data.fields.indexOf(field), chosen.length, ...chosen);
          else if (field === "units") for (const layer of layers) layer[0] = values[index];
          else first[data.fields.indexOf(field)] = values[index];
        });
        const network = { units: layers[0]?.[0] ?? 0, hasBias: first[data.fields.indexOf("hasBias")] === 1 };
        return { network, rest, steps: first[stepsAt], numbers: Float64Array.from([...first, layers.length, ...layers.flat(), ...rest]) };
      };
      // Where a value lies in the layer of a picture, which begins at the upper left corner of its axes.
      const placed = ({ frame: [, , width, height], x, y }) => (a, b) => [along(x, a) * width, (1 - along(y, b)) * height];
      const draw = () => {
        figure.pictures.forEach(({ picture }, index) => {
          picture.querySelector(".live-layer")?.remove();
          if (!result) return;
          const own = axes(picture), [x, y, width, height] = own.frame, id = `${figure.id}-live-${index}`;
          const layer = mark(picture.querySelector("svg"), "g", "live-layer", { transform: `translate(${x} ${y})`, "clip-path": `url(#${id})` });
          mark(mark(layer, "clipPath", "", { id }), "rect", "", { width, height });
          drawing.draw(layer, placed(own), result, shownSteps);
        });
        const seed = isObjective ? "" : `seed ${valueOf("seed") ?? data.firstSeed}, `;
        said.textContent = result ? drawing.words(result, { steps: result.steps, seed }, shownSteps) : invitation;
      };
      const send = (isPlayed = false) => {
        if (busy) { wanted = { isPlayed }; return; }
        if (!worker) {
          worker = new Worker(URL.createObjectURL(new Blob([`(${trainer})()`], { type: "text/javascript" })));
          const take = (answer) => {
            busy = false;
            if (answer.stopped) { worker?.terminate(); worker = null; }
            if (answer.round === round) {
              if (answer.fault) stop();
              result = answer.fault ? null : { ...answer, ...asked };
              draw();
              if (answer.fault) said.textContent = "The page could not train these runs; the command line can.";
              if (isTold || answer.fault) tell();
              isTold = false;
              figure.dataset.trained = Number(figure.dataset.trained ?? 0) + 1;
            }
            if (wanted) {
              const next = wanted;
              wanted = null;
              send(next.isPlayed);
            }
          };
          worker.onmessage = ({ data: answer }) => take(answer);
          worker.onerror = () => take({ round, fault: true, stopped: true });
          const bytes = ({ textContent }) => Uint8Array.from(atob(textContent), (letter) => letter.charCodeAt(0));
          worker.postMessage({ forms: ["engine-fused", "engine"].map((name) => bytes(element(name))) });
        }
        busy = true;
        const { numbers: all, steps, ...described } = numbers(), task = drawing.task(steps, axes(), isPlayed, moved, isObjective);
        asked = { ...described, steps, isWhole: task.isWhole };
        worker.postMessage({ ...task, round, isObjective, numbers: all });
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
        if (!result?.isWhole) {
          // The steps in between are trained when they are first asked for, and shown from the first one on.
          shownSteps = 0;
          send(true);
          return;
        }
        const next = result.grid.find((step) => step > (shownSteps === Infinity ? -1 : shownSteps));
        const at = next === undefined ? -1 : Math.min(result.grid.indexOf(next) + count - 1, result.grid.length - 1);
        shownSteps = at < 0 || at === result.grid.length - 1 ? Infinity : result.grid[at];
        if (shownSteps === Infinity) stop();
        draw();
      };
      const command = () => {
        const sets = new Map(data.settings);
        let first = data.firstSeed, seeds = data.drawing.kind === "curve" ? head[data.fields.indexOf("seedCount")] : 1;
        data.controls.forEach((control, index) => {
          if (control.name === "seeds") seeds = values[index];
          else if (control.name === "seed") first = values[index];
          // The set-up's own value need not be one that the command line can name.
          else if (control.field !== "start" && values[index] !== control.start) sets.set(control.name, settingOf(control, index));
        });
        if (data.drawing.start) sets.set("start", `at(${moved(data.drawing.start).join(",")})`);
        const quoted = (word) => /^[A-Za-z0-9=+\\-._,:\\/]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\\\''")}'`;
        const words = [...sets].map(([name, value]) => `--set ${quoted(`${name}=${value}`)}`);
        return `${data.command} ${words.join(" ")} --seeds ${first}..<${first + seeds}`;
      };
      inputs.forEach((input, index) => {
        input.addEventListener("input", () => {
          values[index] = valueAt(data.controls[index], Number(input.value));
          changed();
        });
        input.addEventListener("change", () => {
          address();
          if (busy) isTold = true; else tell();
        });
      });
      // A point of the plane is the start: pressed, drawn with a mouse or a pen, or touched.
      const startAt = (picture, { clientX, clientY }) => {
        const svg = picture.querySelector("svg"), { frame: [left, top, width, height], x, y } = axes(picture);
        const { x: px, y: py } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
        const shares = [(px - left) / width, 1 - (py - top) / height];
        if (shares.some((share) => share < 0 || share > 1)) return false;
        drawing.axes.forEach((parameter, index) => {
          const at = data.controls.findIndex((control) => control.parameter === parameter), { low, high } = [x, y][index];
          values[at] = valueAt(data.controls[at], 1000 * (low + (high - low) * shares[index] - data.controls[at].low) / (data.controls[at].high - data.controls[at].low));
        });
        changed();
        return true;
      };
      if (drawing.axes?.every((axis) => data.controls.some(({ parameter }) => parameter === axis))) {
        for (const { picture } of figure.pictures) {
          let isHeld = false;
          picture.classList.add("live-field");
          // A finger may only be scrolling: its start is the click that follows a touch without a movement.
          picture.addEventListener("pointerdown", (event) => {
            isHeld = event.pointerType !== "touch" && event.button === 0 && startAt(picture, event);
            if (isHeld) picture.setPointerCapture(event.pointerId);
          });
          picture.addEventListener("pointermove", (event) => { if (isHeld) startAt(picture, event); });
          picture.addEventListener("pointercancel", () => { isHeld = false; });
          picture.addEventListener("click", (event) => {
            if (isHeld || startAt(picture, event)) address();
            isHeld = false;
          });
        }
      }
      buttons.play.addEventListener("click", () => {
        if (timer) return stop();
        buttons.play.textContent = "Pause";
        timer = setInterval(() => { if (!busy) forward(drawing.perFrame); }, 40);
      });
      buttons.step.addEventListener("click", () => {
        stop();
        if (!busy) return forward(1);
        wanted = { isPlayed: true };
        shownSteps = 0;
      });
      buttons.reset.addEventListener("click", () => {
        stop();
        reset();
        result = null;
        wanted = null;
        round += 1;
        shownSteps = Infinity;
        showValues();
        draw();
        history.replaceState(null, "", location.pathname + location.search);
      });
      buttons.copy.addEventListener("click", async () => {
        const text = command();
        stop();
        try {
          await navigator.clipboard.writeText(text);
          said.textContent = `Copied: ${text}`;
        } catch {
          said.textContent = text;
        }
        tell();
      });
      reset();
      const hash = new URLSearchParams(location.hash.slice(1));
      if (hash.get("live") === figure.id) {
        data.controls.forEach(({ name, low, high, whole, choices }, index) => {
          const text = hash.get(name);
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
