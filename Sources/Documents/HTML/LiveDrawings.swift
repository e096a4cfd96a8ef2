/// What live figures draw, each kind with the task that it gives the worker: a curve over steps, the outputs over the plane of two
/// inputs, a function of one input, a path in a plane of two parameters.
enum LiveDrawings {
  static let text = """
    const mark = (layer, kind, name, attributes) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", kind);
      if (name) element.setAttribute("class", name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      layer.append(element);
      return element;
    };
    const list = (points) => points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join(" ");
    const inside = (value, low, high) => Math.min(Math.max(value, low), high);
    const spread = ([low, high], count) => Array.from({ length: count }, (_, i) => low + (high - low) * (i + 0.5) / count);
    // Far outside of the axes, where nothing is seen, and with no number that a picture could not have.
    const drawable = (value) => Number.isNaN(value) ? 1e4 : inside(value, -1e4, 1e4);
    // Steps of a run that are drawn, closer together at the beginning, where a run changes most.
    const stops = (steps, count) =>
      [...new Set(Array.from({ length: count + 1 }, (_, i) => Math.round(steps * (i / count) ** 3)))];
    const lastUpTo = ({ grid, frames }, shown) => frames[Math.max(grid.findLastIndex((step) => step <= shown), 0)];
    const small = (value) => Number.isFinite(value) ? `${Number(value.toPrecision(3))}` : "∞";
    const endWords = ({ frames, grid, seconds }, seed, shown) => {
      const { step, diverged, loss } = frames[frames.length - 1], last = grid[grid.length - 1];
      const end = diverged ? `The run diverges at step ${step}.` : `Final loss: ${small(loss)}.`;
      const part = shown < last ? ` Shown: after ${lastUpTo({ grid, frames }, shown).step} steps.` : "";
      return `Trained here: ${seed}${step} steps in ${(1000 * seconds).toFixed(0)} ms. ${end}${part}`;
    };
    // The samples of the first data set behind the layers: activation of the outputs, sizes, classes, number of sets, number of samples,
    // inputs, targets.
    const dataOf = (rest) => {
      const [wide, high, count] = [rest[2], rest[3], rest[7]], targets = 8 + count * wide;
      return Array.from({ length: count }, (_, i) =>
        ({ input: rest.slice(8 + i * wide, 8 + (i + 1) * wide), targets: rest.slice(targets + i * high, targets + (i + 1) * high) }));
    };
    // The markers of classes: circle, square, triangle, diamond.
    const symbol = (layer, [x, y], label, fill) => {
      if (label % 4 === 0) return mark(layer, "circle", "live-sample", { cx: x, cy: y, r: 2.4, fill });
      const corners = [[[-2.2, -2.2], [2.2, -2.2], [2.2, 2.2], [-2.2, 2.2]], [[0, -2.8], [2.6, 2], [-2.6, 2]], [[0, -3], [3, 0], [0, 3], [-3, 0]]];
      return mark(layer, "polygon", "live-sample", { points: list(corners[label % 4 - 1].map(([dx, dy]) => [x + dx, y + dy])), fill });
    };
    // The points at which a function on a square grid crosses a level, as pieces of lines (marching squares).
    const crossings = (value, count, level) => {
      const pieces = [];
      const between = (a, b, p, q) => p + (q - p) * (level - a) / (b - a);
      for (let r = 0; r + 1 < count; r++) for (let c = 0; c + 1 < count; c++) {
        const [a, b, d, e] = [value(r, c), value(r, c + 1), value(r + 1, c + 1), value(r + 1, c)], found = [];
        if ((a < level) !== (b < level)) found.push([between(a, b, c, c + 1), r]);
        if ((b < level) !== (d < level)) found.push([c + 1, between(b, d, r, r + 1)]);
        if ((d < level) !== (e < level)) found.push([between(d, e, c + 1, c), r + 1]);
        if ((e < level) !== (a < level)) found.push([c, between(e, a, r + 1, r)]);
        if (found.flat().every(Number.isFinite)) for (let i = 0; i + 1 < found.length; i += 2) pieces.push([found[i], found[i + 1]]);
      }
      return pieces;
    };
    // A network's outputs at the end of its run, and in between where the training is played.
    const outputsOf = (inputs) => (steps, _, isPlayed) =>
      ({ task: "run", inputs, start: [], grid: isPlayed ? stops(steps, 60) : [steps], isWhole: isPlayed });
    const cells = 72;
    const drawings = {
      curve: ({ norms }) => ({
        perFrame: 3,
        task: (steps, { x }) => {
          const all = new Set();
          for (let i = 0; i <= 300; i++)
            all.add(Math.round(x.kind === "log" ? (steps - 1) ** (i / 300) : (steps - 1) * i / 300));
          const grid = [...all].filter((step) => step < steps && (step > 0 || x.kind !== "log")).sort((a, b) => a - b);
          return { task: "curve", norms, grid, isWhole: true };
        },
        draw: (layer, at, { grid, low, median, high }, shown) => {
          const steps = grid.filter((step) => step <= shown);
          const line = (values) => steps.map((step, i) => at(step, values[i]).map(drawable));
          mark(layer, "polygon", "live-band", { points: list([...line(low), ...line(high).reverse()]) });
          mark(layer, "polyline", "live-median", { points: list(line(median)) });
        },
        words: ({ runs, diverged, final, most, least, seconds }, { steps }, shown) => {
          const ends = diverged ? `${diverged} of ${runs} diverged` : "none diverged";
          const until = shown < steps ? `, shown to step ${Math.floor(shown)}` : "", made = least < most ? `${least} to ${most}` : most;
          return `Trained here: ${runs} ${runs === 1 ? "run" : "runs"} of ${made} steps in ${(1000 * seconds).toFixed(0)} ms${until}. ` +
            `Thick line: their median; shaded: first to third quartile. Median final loss on all samples: ${small(final)}; ${ends}.`;
        },
      }),
      plane: ({ x, y, level, colors, outputs: [low, high], units, classes }) => {
        const columns = spread(x, cells), rows = spread(y, cells).reverse();
        const inputs = rows.flatMap((b) => columns.flatMap((a) => [a, b]));
        const shades = colors.map((color) => [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16)));
        const share = (value) => Math.round(inside((value - low) / (high - low), 0, 1) * (shades.length - 1));
        const picture = (outputs) => {
          const canvas = Object.assign(document.createElement("canvas"), { width: cells, height: cells });
          const pen = canvas.getContext("2d"), pixels = pen.createImageData(cells, cells), several = outputs.length / cells ** 2;
          for (let i = 0; i < cells ** 2; i++) {
            const own = outputs.subarray(i * several, (i + 1) * several);
            const [red, green, blue] = shades[level === undefined ? own.indexOf(Math.max(...own)) : share(own[0])] ?? [255, 255, 255];
            pixels.data.set([red, green, blue, 255], 4 * i);
          }
          pen.putImageData(pixels, 0, 0);
          return canvas.toDataURL();
        };
        // The class of a sample: the side of the line on which its target is, or the output with the greatest target.
        const label = (targets) => level === undefined ? targets.indexOf(Math.max(...targets)) : targets[0] < level ? 0 : 1;
        return {
          perFrame: 1,
          task: outputsOf(inputs),
          draw: (layer, at, result, shown) => {
            const { parameters, outputs } = lastUpTo(result, shown);
            const [left, top] = at(x[0], y[1]), [right, bottom] = at(x[1], y[0]), width = right - left, height = bottom - top;
            mark(layer, "image", "live-image", { x: left, y: top, width, height, preserveAspectRatio: "none", href: picture(outputs) });
            const place = ([c, r]) => [left + (c + 0.5) * width / cells, top + (r + 0.5) * height / cells];
            if (level !== undefined) {
              const lines = crossings((r, c) => outputs[r * cells + c], cells, level).map((ends) => `M${ends.map((end) => list([place(end)])).join("L")}`);
              mark(layer, "path", "live-level", { d: lines.join("") });
            }
            const { units: count, hasBias } = result.network;
            for (let unit = 0; units && unit < count; unit++) {
              const [a, b, c] = [parameters[2 * unit], parameters[2 * unit + 1], hasBias ? parameters[2 * count + unit] : 0];
              const ends = Math.abs(b) > Math.abs(a) ? x.map((v) => [v, -(a * v + c) / b]) : y.map((v) => [-(b * v + c) / a, v]);
              if (ends.flat().every(Number.isFinite)) mark(layer, "polyline", "live-unit", { points: list(ends.map(([u, v]) => at(u, v))) });
            }
            for (const { input: [a, b], targets } of dataOf(result.rest)) symbol(layer, at(a, b), label(targets), classes[label(targets) % classes.length]);
          },
          words: (result, { seed }, shown) =>
            endWords(result, seed, shown) + (level === undefined ? "" : ` Black line: the output is ${small(level)}.`) +
            (units && result.network.units ? " Dashed: the lines of the units." : ""),
        };
      },
      function: ({ x }) => {
        const inputs = spread(x, 240);
        return {
          perFrame: 1,
          task: outputsOf(inputs),
          draw: (layer, at, result, shown) => {
            for (const { input: [a], targets } of dataOf(result.rest)) for (const target of targets) {
              const [cx, cy] = at(a, target);
              mark(layer, "circle", "live-start", { cx, cy, r: 2.2 });
            }
            const { outputs } = lastUpTo(result, shown), several = outputs.length / inputs.length;
            for (let k = 0; k < several; k++)
              mark(layer, "polyline", "live-median", { points: list(inputs.map((v, i) => at(v, outputs[i * several + k]).map(drawable))) });
          },
          words: (result, { seed }, shown) => `${endWords(result, seed, shown)} Thick line: the function of its network; thick rings: its data.`,
        };
      },
      path: ({ axes: [first, second], start }) => ({
        perFrame: 1,
        axes: [first, second],
        task: (steps, _, isPlayed, moved, isObjective) =>
          ({ task: "run", start: moved(start), grid: stops(steps, Math.min(steps, isObjective ? 120 : 60)), isWhole: true }),
        draw: (layer, at, { grid, frames }, shown) => {
          const passed = frames.filter(({ parameters }, i) => grid[i] <= shown && parameters.every(Number.isFinite));
          if (!passed.length) return;
          const places = passed.map(({ parameters }) => at(parameters[first], parameters[second]).map(drawable));
          for (const name of ["live-rim", "live-median"]) mark(layer, "polyline", name, { points: list(places) });
          // Arrows of one length in the direction −∇E, where there is room for them.
          let last = null;
          passed.forEach(({ parameters, gradient }, i) => {
            const [px, py] = places[i];
            if (!gradient.length || (last && Math.hypot(px - last[0], py - last[1]) < 22)) return;
            const [qx, qy] = at(parameters[first] - gradient[first], parameters[second] - gradient[second]);
            const [dx, dy, length] = [qx - px, qy - py, Math.hypot(qx - px, qy - py)];
            if (!(length > 0 && Number.isFinite(length))) return;
            last = [px, py];
            const [ux, uy] = [dx / length, dy / length], tip = [px + 16 * ux, py + 16 * uy];
            const side = (sign) => [tip[0] - 5 * ux + sign * 3 * uy, tip[1] - 5 * uy - sign * 3 * ux];
            mark(layer, "polyline", "live-arrow", { points: list([[px, py], tip, side(1), tip, side(-1)]) });
          });
          const [[sx, sy], [ex, ey]] = [places[0], places[places.length - 1]];
          mark(layer, "circle", "live-start", { cx: sx, cy: sy, r: 3.2 });
          mark(layer, "circle", "live-ball", { cx: ex, cy: ey, r: 4 });
        },
        words: (result, { seed }, shown) => {
          const { parameters } = lastUpTo(result, shown);
          const arrows = result.frames[0].gradient.length ? " Arrows: −∇E, all of one length." : "";
          return `${endWords(result, seed, shown)} Ball: (${small(parameters[first])}, ${small(parameters[second])}).${arrows}`;
        },
      }),
    };
    """
}
