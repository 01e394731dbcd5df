// The controls of the interactive figures: the browser's own form elements, each with its label.
// Python (controls.py) says what there is by `kind`; every change goes back under one name: at, index, value, clicks.

const unique = () => `trainwell-${Math.random().toString(36).slice(2)}`;

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Write what a person chose into the model, and send it to Python.
function send(model, name, value) {
  model.set(name, value);
  model.save_changes();
}

// A notebook moves, cuts and pastes its cells at single keys: those pressed in a control must not reach it.
// Tab leaves a control as anywhere, Escape and Shift+Enter are the notebook's, and so is all with Ctrl, Alt or Cmd.
function keepKeys(element) {
  const keep = (event) => {
    const asNotebook = ["Tab", "Escape"].includes(event.key) || (event.shiftKey && event.key === "Enter");
    if (!asNotebook && !event.ctrlKey && !event.altKey && !event.metaKey) event.stopPropagation();
  };
  element.addEventListener("keydown", keep);
  element.addEventListener("keyup", keep);
}

function slider(model, el) {
  const id = unique();
  const label = make("label", { htmlFor: id });
  const input = make("input", { type: "range", id });
  const readout = make("span", { className: "trainwell-readout" });
  readout.setAttribute("aria-hidden", "true"); // the slider itself says it: aria-valuetext
  const tell = (at) => {
    const words = model.get("powers_of_ten")
      ? String(Number((10 ** at).toPrecision(2)))
      : at.toFixed(model.get("decimals"));
    readout.textContent = words;
    input.setAttribute("aria-valuetext", words);
  };
  const show = () => {
    label.textContent = model.get("description");
    for (const name of ["min", "max", "step"]) input[name] = model.get(name);
    input.value = model.get("at");
    tell(model.get("at"));
  };
  // While the thumb is dragged only the number beside it follows, and Python once it is let go.
  input.addEventListener("input", () => tell(Number(input.value)));
  input.addEventListener("change", () => send(model, "at", Number(input.value)));
  el.append(make("div", { className: "trainwell-control trainwell-slider" }, label, input, readout));
  return { show, watched: ["description", "min", "max", "step", "at", "decimals"] };
}

function choice(model, el) {
  const name = unique(); // radio buttons of one name are one tab stop, and arrows move within them
  const legend = make("legend");
  const options = make("div", { className: "trainwell-options" });
  let inputs = [];
  const option = (text, index) => {
    const input = make("input", { type: "radio", name, value: index });
    input.addEventListener("change", () => send(model, "index", index));
    inputs.push(input);
    return make("label", {}, input, make("span", { textContent: text }));
  };
  const build = () => {
    inputs = [];
    options.replaceChildren(...model.get("labels").map(option));
  };
  const show = () => {
    legend.textContent = model.get("description");
    if (inputs.length !== model.get("labels").length) build();
    inputs.forEach((input, index) => (input.checked = index === model.get("index")));
  };
  model.on("change:labels", () => {
    build();
    show();
  });
  el.append(make("fieldset", { className: "trainwell-control trainwell-choice" }, legend, options));
  return { show, watched: ["description", "index"] };
}

function number(model, el) {
  const id = unique();
  const label = make("label", { htmlFor: id });
  const input = make("input", { type: "number", id, step: "any" });
  const show = () => {
    label.textContent = model.get("description");
    const value = model.get("value");
    input.value = value === null ? "" : String(value);
  };
  input.addEventListener("change", () => send(model, "value", input.value === "" ? null : Number(input.value)));
  el.append(make("div", { className: "trainwell-control trainwell-number" }, label, input));
  return { show, watched: ["description", "value"] };
}

function button(model, el) {
  const element = make("button", { type: "button", className: "trainwell-control trainwell-button" });
  element.addEventListener("click", () => send(model, "clicks", model.get("clicks") + 1));
  el.append(element);
  return { show: () => (element.textContent = model.get("description")), watched: ["description"] };
}

// A picture that tells where it is clicked, as shares of its width and height. It takes no keys: sliders do the same.
function pad(model, el) {
  const hint = make("p", { className: "trainwell-hint" });
  const frame = make("div", { className: "trainwell-control trainwell-pad" });
  const show = () => {
    hint.textContent = model.get("description");
    const made = make("template", { innerHTML: model.get("value") }).content.querySelector("img");
    const old = frame.querySelector("img");
    if (old && made) ["src", "alt"].forEach((name) => old.setAttribute(name, made.getAttribute(name))); // no flicker
    else frame.replaceChildren(...(made ? [made] : []));
  };
  // Neither the notebook's selection nor the focus moves, and nothing is dragged away.
  frame.addEventListener("mousedown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
  });
  frame.addEventListener("click", (event) => {
    const box = frame.querySelector("img")?.getBoundingClientRect();
    if (!box?.width || !box.height) return;
    model.set("at", [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]);
    send(model, "clicks", model.get("clicks") + 1);
  });
  el.append(hint, frame);
  return { show, watched: ["description", "value"] };
}

// Screen readers announce what changes inside a region that stays: so its element is kept, and its words renewed.
function words(model, el) {
  const show = () => {
    const fresh = make("template", { innerHTML: model.get("value") }).content;
    const [old, made] = [el.firstElementChild, fresh.firstElementChild];
    const stays = [old, made].every((one) => one?.getAttribute("role") === "status") && fresh.children.length === 1;
    if (stays) old.replaceChildren(...made.childNodes);
    else el.replaceChildren(fresh);
  };
  return { show, watched: ["value"] };
}

function render({ model, el }) {
  const { show, watched } = { slider, choice, number, button, pad, words }[model.get("kind")](model, el);
  el.classList.add("trainwell");
  keepKeys(el);
  for (const name of watched) model.on(`change:${name}`, show);
  show();
}

export default { render };
