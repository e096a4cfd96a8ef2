extension NotebookScript {
  /// Progress, and the losses of runs that are being trained.
  static let live = #"""
    var curves = new Map(), isDue = false;
    var showProgress = (share) => {
      const bar = $("progress");
      bar.hidden = share === null;
      bar.classList.toggle("busy", share === undefined);
      bar.firstElementChild.style.width = share ? `${100 * share}%` : "";
      if (share === undefined || share === null) bar.removeAttribute("aria-valuenow");
      else bar.setAttribute("aria-valuenow", Math.round(100 * share));
    };
    var observe = ({ experiment, samples }) => {
      if ($("live").dataset.experiment !== experiment) endCurves();
      $("live").dataset.experiment = experiment;
      for (const { run, step, loss } of samples) {
        if (typeof loss !== "number" || (!curves.has(run) && curves.size >= 48)) continue;
        const curve = curves.get(run) || { points: [], stride: 1, seen: 0 };
        curves.set(run, curve);
        if (curve.seen++ % curve.stride) continue;
        curve.points.push([step, loss]);
        if (curve.points.length > 512) { curve.points = curve.points.filter((_, index) => index % 2 === 0); curve.stride *= 2; }
      }
      if ($("live").hidden) keepPlace(() => { $("live").hidden = false; });
      if (!isDue) requestAnimationFrame(drawCurves);
      isDue = true;
    };
    var endCurves = () => {
      curves = new Map();
      if (!$("live").hidden) keepPlace(() => { $("live").hidden = true; });
    };
    var plainNumber = (value) => value === 0 ? "0" : Math.abs(value) >= 1e4 || Math.abs(value) < 1e-3
      ? value.toExponential(0).replace("e+", "·10^").replace("e", "·10^").replace(/^1·/, "")
        .replace(/\^(.*)$/, (_, power) => [...power].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"["0123456789".indexOf(c)] || "⁻").join(""))
      : `${+value.toPrecision(3)}`;
    // The numbers 1, 2 and 5 times a power of ten between two powers.
    var oneTwoFive = (low, top) => [...Array(Math.ceil(top) - Math.floor(low) + 1).keys()].map((index) => 10 ** (Math.floor(low) + index))
      .flatMap((power) => [power, 2 * power, 5 * power]).filter((value) => Math.log10(value) >= low && Math.log10(value) <= top);
    // Steps of 1, 2 or 5 times a power of ten.
    var ticks = (low, high, most) => {
      const raw = (high - low) / most, power = 10 ** Math.floor(Math.log10(raw)), size = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= raw);
      const list = [];
      for (let value = Math.ceil(low / size) * size; value <= high + size * 1e-9; value += size) list.push(value);
      return list;
    };
    // How steps and losses become places; the loss has a logarithmic axis where all losses are above 0.
    var axesOf = (points, wide, high) => {
      const losses = points.map(([, loss]) => loss), isLog = losses.every((loss) => loss > 0), form = isLog ? Math.log10 : (loss) => loss;
      let [low, top] = losses.reduce(([a, b], loss) => [Math.min(a, form(loss)), Math.max(b, form(loss))], [Infinity, -Infinity]);
      if (top - low < (isLog ? 0.1 : 1e-9)) { low -= isLog ? 0.1 : 0.5; top += isLog ? 0.1 : 0.5; }
      const last = points.reduce((most, [step]) => Math.max(most, step), 1), left = 52, right = wide - 10, above = 8, below = high - 22;
      const marks = !isLog ? ticks(low, top, 3) : top - low > 2.5 ? ticks(low, top, 4).filter(Number.isInteger).map((power) => 10 ** power)
        : oneTwoFive(low, top);
      return { left, right, below, last, marks, x: (step) => left + step / last * (right - left),
        y: (loss) => above + (top - form(loss)) / (top - low) * (below - above) };
    };
    var drawAxes = (pen, { left, right, below, last, marks, x, y }, color) => {
      pen.font = "11px system-ui, sans-serif";
      pen.textAlign = "right";
      pen.textBaseline = "middle";
      for (const value of marks) {
        pen.fillStyle = color("--faint");
        pen.fillRect(left, Math.round(y(value)), right - left, 1);
        pen.fillStyle = color("--muted");
        pen.fillText(plainNumber(value), left - 6, y(value));
      }
      pen.textAlign = "center";
      pen.textBaseline = "alphabetic";
      for (const step of ticks(0, last, Math.max(2, right / 130))) {
        const label = step.toLocaleString("en").replaceAll(",", "\u202F"), half = pen.measureText(label).width / 2;
        pen.fillText(label, Math.min(x(step), right + 9 - half), below + 16);
      }
    };
    var drawCurves = () => {
      isDue = false;
      const canvas = $("live").querySelector("canvas"), wide = canvas.clientWidth, high = canvas.clientHeight, scale = devicePixelRatio || 1;
      const all = [...curves.values()].flatMap((curve) => curve.points);
      if (!wide || !all.length) return;
      if (canvas.width !== Math.round(wide * scale)) { canvas.width = Math.round(wide * scale); canvas.height = Math.round(high * scale); }
      const ink = getComputedStyle(document.body), color = (name) => ink.getPropertyValue(name).trim(), pen = canvas.getContext("2d");
      const axes = axesOf(all, wide, high), { x, y } = axes;
      pen.setTransform(scale, 0, 0, scale, 0, 0);
      pen.clearRect(0, 0, wide, high);
      drawAxes(pen, axes, color);
      pen.lineWidth = 1;
      pen.strokeStyle = color("--link");
      pen.lineJoin = "round";
      pen.globalAlpha = curves.size > 12 ? 0.45 : 0.75;
      for (const { points } of curves.values()) {
        pen.beginPath();
        points.forEach(([step, loss], index) => index ? pen.lineTo(x(step), y(loss)) : pen.moveTo(x(step), y(loss)));
        if (points.length === 1) pen.arc(x(points[0][0]), y(points[0][1]), 1.2, 0, 7);
        pen.stroke();
      }
      pen.globalAlpha = 1;
      const losses = all.map(([, loss]) => loss).sort((a, b) => a - b), words = `Loss against step of ${counted(curves.size, "run")} in training`;
      $("live").querySelector("h2").textContent = words;
      canvas.setAttribute("aria-label", `${words}: from ${plainNumber(losses[0])} to ${plainNumber(losses.at(-1))} up to step ${axes.last}`);
    };
    addEventListener("resize", () => { if (curves.size) drawCurves(); });
    """#
}
