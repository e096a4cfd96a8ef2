/// The sliders of figures in a page: each position exchanges the slots of the picture, its notes, its caption and what a screen
/// reader is told. A figure plays only when its button is pressed.
enum ExploreScript {
  static let text = """
    const explore = (figure) => {
      const source = figure.querySelector(".exploration");
      if (!source) return;
      const controls = figure.querySelector(".controls"), inputs = [...controls.querySelectorAll("input")];
      const values = inputs.map((input) => JSON.parse(input.dataset.values));
      const names = [...controls.querySelectorAll("label")].map((label) => label.textContent);
      const words = document.getElementById(`${figure.id}-words`), caption = figure.querySelector("figcaption");
      let data = null, layouts = null;
      // What is read of the page only when a slider is first moved.
      const load = () => {
        data = json(source);
        layouts = figure.pictures.map(({ picture, reload }) => ({
          picture, reload, svg: picture.querySelector("svg"), at: null,
          ...json(picture.querySelector(".frames")), allNotes: json(picture.querySelector(".all-notes")),
        }));
        for (const layout of layouts) layout.slots = [...layout.svg.querySelectorAll(".slot")];
      };
      const filled = (part) => part.replace(/"image:([0-9]+)"/g, (_, index) => `"${data.images[index]}"`);
      const show = () => {
        if (!data) load();
        let combination = 0;
        inputs.forEach((input, index) => {
          const value = values[index][input.value];
          input.setAttribute("aria-valuetext", value);
          controls.querySelectorAll("output")[index].textContent = value;
          combination = combination * values[index].length + Number(input.value);
        });
        const drawing = data.order[combination];
        const spoken = names.map((name, index) => `${name} = ${values[index][inputs[index].value]}`).join(", ") + ". " + data.words[drawing];
        for (const layout of layouts) {
          const frame = layout.frames[drawing];
          layout.slots.forEach((slot, index) => {
            if (!layout.at || layout.at[index] !== frame[index]) slot.innerHTML = filled(layout.parts[frame[index]]);
          });
          layout.at = frame;
          layout.picture.notes = layout.allNotes[layout.notes[drawing]];
          layout.svg.querySelector("desc").textContent = spoken;
          layout.reload();
        }
        for (const entry of figure.querySelectorAll('.entry[aria-pressed="false"]')) hideSeries(figure, entry.dataset.series, true);
        words.textContent = spoken;
        if (caption) caption.innerHTML = data.captions[drawing];
        figure.dataset.combination = combination;
      };
      for (const input of inputs) input.addEventListener("input", show);
      for (const button of controls.querySelectorAll("button")) {
        const input = inputs[button.dataset.control];
        let timer = 0;
        const stop = () => {
          clearInterval(timer);
          timer = 0;
          button.textContent = "Play";
        };
        const next = () => {
          if (Number(input.value) >= Number(input.max)) return stop();
          input.value = Number(input.value) + 1;
          show();
        };
        button.addEventListener("click", () => {
          if (timer) return stop();
          if (Number(input.value) >= Number(input.max)) { input.value = 0; show(); }
          button.textContent = "Pause";
          timer = setInterval(next, 100);
        });
        input.addEventListener("pointerdown", stop);
        input.addEventListener("keydown", stop);
      }
      controls.hidden = false;
    };
    """
}
