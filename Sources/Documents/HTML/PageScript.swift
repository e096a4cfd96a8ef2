/// How a report behaves in a browser: the note nearest to the pointer, arrow keys that step through the notes, legend entries that
/// show and hide their colour. `ExploreScript` has the sliders, `RunScript` the single runs and `LiveScript` the runs that the page
/// trains. `attach(figure)` is for a page that
/// receives its figures later.
package enum PageScript {
  package static let text = """
    "use strict";
    // One name for the page that it is a part of.
    const reportPage = (() => {
    const note = document.getElementById("note"), said = document.getElementById("said");
    const json = (element) => element ? JSON.parse(element.textContent) : null;
    const readNotes = (picture) => {
      const notes = [];
      for (const [heads, flat] of picture.notes ?? json(picture.querySelector(".notes")))
        for (let i = 0; i < flat.length; i += heads.length + 2)
          notes.push([flat[i] / 10, flat[i + 1] / 10, heads.map((head, line) => head + flat[i + 2 + line]).join("\\n")]);
      return notes;
    };
    const showNote = (svg, x, y, text) => {
      const place = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
      note.textContent = text;
      note.hidden = false;
      const left = Math.min(place.x + 12, document.documentElement.clientWidth - note.offsetWidth - 4);
      note.style.left = `${Math.max(4, left) + scrollX}px`;
      note.style.top = `${place.y + scrollY - note.offsetHeight - 8}px`;
    };
    const prepare = (picture) => {
      const svg = picture.querySelector("svg");
      let notes = readNotes(picture), at = -1;
      const show = (index) => {
        at = index;
        showNote(svg, ...notes[index]);
      };
      svg.addEventListener("pointermove", (event) => {
        const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
        if (picture.pointAtRun?.(p)) return;
        let best = -1, least = 15 * 15;
        notes.forEach(([x, y], index) => {
          const distance = (x - p.x) ** 2 + (y - p.y) ** 2;
          if (distance < least) { least = distance; best = index; }
        });
        if (best < 0) note.hidden = true; else show(best);
      });
      svg.addEventListener("pointerleave", () => { note.hidden = true; });
      const step = (by) => {
        if (!notes.length) return;
        show(at < 0 && by < 0 ? notes.length - 1 : (at + by + notes.length) % notes.length);
        said.textContent = notes[at][2].replaceAll("\\n", ", ");
      };
      const reload = () => { notes = readNotes(picture); at = -1; note.hidden = true; };
      return { picture, step, reload };
    };
    const hideSeries = (figure, series, isHidden) => {
      for (const mark of figure.querySelectorAll(`.${series}:not(.entry *)`)) mark.classList.toggle("off", isHidden);
    };
    const pressEntry = (figure, entry) => {
      const series = entry.dataset.series, shown = entry.getAttribute("aria-pressed") !== "true";
      for (const twin of figure.querySelectorAll(`.entry[data-series="${series}"]`)) twin.setAttribute("aria-pressed", shown);
      hideSeries(figure, series, !shown);
    };
    const attach = (figure) => {
      figure.pictures = [...figure.querySelectorAll(".picture")].map(prepare);
      figure.shownPicture = () => figure.pictures.find(({ picture }) => picture.offsetWidth > 0);
      figure.addEventListener("click", (event) => {
        const entry = event.target.closest(".entry");
        if (entry) pressEntry(figure, entry);
      });
      figure.addEventListener("keydown", (event) => {
        if (event.target.closest("details, .controls")) return;
        const entry = event.target.closest(".entry");
        if (entry && (event.key === "Enter" || event.key === " ")) {
          event.preventDefault();
          pressEntry(figure, entry);
        }
        if (event.key === "Escape") note.hidden = true;
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!by) return;
        event.preventDefault();
        figure.shownPicture()?.step(by);
      });
      explore(figure);
      attachRuns(figure);
      live(figure);
    };
    \(ExploreScript.text)
    \(RunScript.text)
    \(LiveScript.text)
    document.querySelectorAll("figure").forEach(attach);
    return { attach, readNotes, curves, known };
    })();
    """
}
