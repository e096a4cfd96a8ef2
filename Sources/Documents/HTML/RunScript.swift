/// Single runs in the figures of a page: the pointer names the run of a curve, marks its seed in every figure, and a click opens a
/// card with its set-up, its final values and a command. Arrow keys up and down choose a run, Enter opens its card.
enum RunScript {
  static let text = """
    // Read when they are first needed: a page that receives its figures one by one receives them last.
    const element = (id) => document.getElementById(id);
    const known = () => {
      const source = element("runs");
      if (known.source !== source) known.runs = json(source) ?? { setup: [], runs: {} };
      known.source = source;
      return known.runs;
    };
    const shares = {
      linear: (v) => v, log: Math.log10,
      symlog: (v, c) => Math.sign(v) * Math.log10(1 + Math.abs(v) / c),
    };
    const along = ({ kind, low, high, threshold }, value) => {
      const place = (v) => shares[kind](v, threshold), bottom = place(low), width = place(high) - bottom;
      return width === 0 ? 0.5 : (place(value) - bottom) / width;
    };
    // The curves of a layout in its own coordinates, made when they are first needed.
    const curves = (figure, picture) => {
      if (picture.curves || !element("runs")) return picture.curves ?? [];
      figure.traces ??= json(figure.querySelector(".traces"));
      const places = json(picture.querySelector(".places")) ?? [];
      picture.curves = (figure.traces ?? []).flatMap(({ heads, runs: list }, panel) => list.filter(([run]) => known().runs[run]).map((flat) => {
        const { frame: [left, top, width, height], x, y } = places[panel], points = new Float32Array(flat.length - 1);
        for (let i = 1; i < flat.length; i += 2) {
          points[i - 1] = left + along(x, flat[i]) * width;
          points[i] = Math.min(Math.max(top + height - along(y, flat[i + 1]) * height, top), top + height);
        }
        return { run: flat[0], heads, flat, points };
      }));
      return picture.curves;
    };
    const nearest = (list, p, reach) => {
      let best = null, least = reach * reach;
      for (const curve of list) {
        const { points } = curve;
        for (let i = 0; i < points.length; i += 2) {
          const ax = points[i], ay = points[i + 1];
          let t = 0, dx = 0, dy = 0;
          if (i + 2 < points.length) {
            dx = points[i + 2] - ax;
            dy = points[i + 3] - ay;
            const square = dx * dx + dy * dy;
            t = square > 0 ? Math.min(1, Math.max(0, ((p.x - ax) * dx + (p.y - ay) * dy) / square)) : 0;
          }
          const distance = (ax + t * dx - p.x) ** 2 + (ay + t * dy - p.y) ** 2;
          if (distance < least) { least = distance; best = { curve, index: t > 0.5 ? i + 2 : i }; }
        }
      }
      return best;
    };
    const runWords = ({ run, heads, flat }, index) => {
      const { seed, setting } = known().runs[run];
      const isCurve = flat.length > 3;
      return [setting, `seed = ${seed}`, ...(isCurve ? [heads[0] + flat[index + 1]] : []), heads[1] + flat[index + 2]].filter(Boolean);
    };
    const brushed = { seed: null };
    const brush = (seed) => {
      if (brushed.seed === seed) return;
      brushed.seed = seed;
      for (const figure of document.querySelectorAll("figure")) {
        for (const { picture } of figure.pictures) {
          picture.querySelector(".brush")?.remove();
          if (seed === null || picture.offsetWidth === 0) continue;
          const own = curves(figure, picture).filter(({ run }) => known().runs[run].seed === seed);
          if (!own.length) continue;
          const layer = document.createElementNS("http://www.w3.org/2000/svg", "g");
          layer.setAttribute("class", "brush");
          layer.dataset.seed = seed;
          for (const { points } of own) {
            const path = document.createElementNS("http://www.w3.org/2000/svg", points.length > 2 ? "polyline" : "circle");
            if (points.length > 2) path.setAttribute("points", points.join(" "));
            else for (const [name, value] of [["cx", points[0]], ["cy", points[1]], ["r", 4]]) path.setAttribute(name, value);
            path.setAttribute("stroke-width", 1.6);
            layer.append(path);
          }
          picture.querySelector("svg").append(layer);
        }
      }
    };
    const openCard = (run, back) => {
      const { seed, setting, values, command } = known().runs[run], card = element("card");
      const line = (text, kind = "p") => Object.assign(document.createElement(kind), { textContent: text });
      const close = line("Close", "button");
      close.type = "button";
      const shut = () => { card.hidden = true; back?.focus({ preventScroll: true }); };
      close.addEventListener("click", shut);
      card.onkeydown = (event) => { if (event.key === "Escape") shut(); };
      const setup = document.createElement("details");
      setup.append(line("Set-up of all runs", "summary"), line(known().setup.join("\\n"), "pre"));
      card.replaceChildren(
        close, line([setting, `seed = ${seed}`].filter(Boolean).join(", "), "strong"), ...values.map((value) => line(value)),
        line(command, "pre"), setup);
      card.hidden = false;
      card.focus({ preventScroll: true });
    };
    const attachRuns = (figure) => {
      if (!figure.querySelector(".traces")) return;
      let chosen = null;
      for (const { picture } of figure.pictures) {
        const svg = picture.querySelector("svg");
        picture.pointAtRun = (p) => {
          const found = nearest(curves(figure, picture), p, 9);
          chosen = found?.curve ?? null;
          svg.style.cursor = found ? "pointer" : "";
          if (!found) { brush(null); return false; }
          const { curve, index } = found;
          showNote(svg, curve.points[index], curve.points[index + 1], runWords(curve, index).join("\\n"));
          brush(known().runs[curve.run].seed);
          return true;
        };
        svg.addEventListener("pointerleave", () => { if (element("card")?.hidden ?? true) brush(null); });
        svg.addEventListener("click", (event) => {
          if (chosen && !event.target.closest(".entry")) openCard(chosen.run, figure);
        });
      }
      figure.addEventListener("keydown", (event) => {
        if (event.target !== figure) return;
        const list = curves(figure, figure.shownPicture().picture);
        const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (by && list.length) {
          event.preventDefault();
          const at = list.indexOf(chosen);
          chosen = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : (at + by + list.length) % list.length];
          const words = runWords(chosen, chosen.points.length - 2);
          brush(known().runs[chosen.run].seed);
          showNote(figure.shownPicture().picture.querySelector("svg"), ...chosen.points.slice(-2), words.join("\\n"));
          said.textContent = words.join(", ");
        }
        if (event.key === "Enter" && chosen) { event.preventDefault(); openCard(chosen.run, figure); }
        if (event.key === "Escape") { chosen = null; brush(null); }
      });
    };
    """
}
