/// How a report behaves in a browser: the note nearest to the pointer, arrow keys that step through the notes, legend entries that
/// show and hide their colour. `attach(figure)` is for a page that receives its figures later.
package enum PageScript {
  package static let text = """
    "use strict";
    const note = document.getElementById("note"), said = document.getElementById("said");
    const readNotes = (picture) => {
      const notes = [];
      for (const [heads, flat] of JSON.parse(picture.querySelector(".notes").textContent))
        for (let i = 0; i < flat.length; i += heads.length + 2)
          notes.push([flat[i] / 10, flat[i + 1] / 10, heads.map((head, line) => head + flat[i + 2 + line]).join("\\n")]);
      return notes;
    };
    const prepare = (picture) => {
      const svg = picture.querySelector("svg"), notes = readNotes(picture);
      let at = -1;
      const show = (index) => {
        at = index;
        const [x, y, text] = notes[index];
        const place = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
        note.textContent = text;
        note.hidden = false;
        const left = Math.min(place.x + 12, document.documentElement.clientWidth - note.offsetWidth - 4);
        note.style.left = `${Math.max(4, left) + scrollX}px`;
        note.style.top = `${place.y + scrollY - note.offsetHeight - 8}px`;
      };
      svg.addEventListener("pointermove", (event) => {
        const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
        let best = -1, least = 18 * 18;
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
      return { picture, step };
    };
    const attach = (figure) => {
      const pictures = [...figure.querySelectorAll(".picture")].map(prepare);
      figure.addEventListener("keydown", (event) => {
        if (event.target.closest("details")) return;
        if (event.key === "Escape") note.hidden = true;
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!by) return;
        event.preventDefault();
        pictures.find(({ picture }) => picture.offsetWidth > 0)?.step(by);
      });
      for (const entry of figure.querySelectorAll(".entry")) {
        const series = entry.dataset.series;
        const press = () => {
          const shown = entry.getAttribute("aria-pressed") !== "true";
          for (const twin of figure.querySelectorAll(`.entry[data-series="${series}"]`)) twin.setAttribute("aria-pressed", shown);
          for (const mark of figure.querySelectorAll(`.${series}:not(.entry *)`)) mark.classList.toggle("off", !shown);
        };
        entry.addEventListener("click", press);
        entry.addEventListener("keydown", (event) => {
          if (event.key === "Enter" || event.key === " ") { event.preventDefault(); press(); }
        });
      }
    };
    document.querySelectorAll("figure").forEach(attach);
    """
}
