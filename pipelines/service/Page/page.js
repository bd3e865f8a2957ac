
"use strict";
const $ = id => document.getElementById(id);
const FULL_COLOUR = 17;
const bitsOf = logP => -logP / Math.LN2;
const shown = (x, digits) => Number.isFinite(x) ? x.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }) : "-";
const visible = token => token.replace(/\n/g, "\u21b5").replace(/ /g, "\u2423");
let running;

async function ask(body) {
  running?.abort();
  running = new AbortController();
  const response = await fetch("v1/completions", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal: running.signal,
  });
  if (!response.ok) {
    throw new Error((await response.json()).error.message);
  }
  return response;
}

function request(more) {
  return { model: $("model").value || undefined, prompt: $("text").value, ...more };
}

function tell(message, isError) {
  $("status").textContent = message;
  $("status").className = isError ? "error" : "";
}

async function attempt(doing, action) {
  tell(doing, false);
  try {
    await action();
    tell("", false);
  } catch (error) {
    if (error.name !== "AbortError") {
      tell(error.message, true);
    }
  }
}

async function score() {
  const answer = await (await ask(request({ echo: true, logprobs: 5, max_tokens: 0 }))).json();
  const { text, logprobs } = answer.choices[0];
  const characters = Array.from(text);
  const tokens = logprobs.tokens.map((token, i) => ({
    token, logP: logprobs.token_logprobs[i], top: logprobs.top_logprobs[i],
    text: characters.slice(logprobs.text_offset[i], logprobs.text_offset[i + 1]).join(""),
  }));
  const counted = tokens.filter(token => token.logP !== null);
  const bits = counted.reduce((sum, token) => sum + bitsOf(token.logP), 0);
  $("perplexity").textContent = shown(2 ** (bits / counted.length), 2);
  $("bits").textContent = shown(bits, 1);
  $("bits-per-token").textContent = shown(bits / counted.length, 2);
  $("tokens").textContent = shown(tokens.length, 0);
  $("words").replaceChildren(...tokens.map(wordOf));
  $("detail").hidden = true;
  $("result").hidden = false;
}

function wordOf(token, i) {
  const word = document.createElement("button");
  word.type = "button";
  word.tabIndex = i === 0 ? 0 : -1;
  word.textContent = token.text;
  word.classList.toggle("unknown", token.text.trim() !== token.token.trim());
  if (token.logP !== null) {
    word.style.setProperty("--s", Math.min(1, bitsOf(token.logP) / FULL_COLOUR));
    word.setAttribute("aria-label", `${token.text.trim() || visible(token.token)}, ${shown(bitsOf(token.logP), 1)} bits`);
    word.setAttribute("aria-describedby", "detail");
  }
  word.addEventListener("focus", () => explain(token));
  word.addEventListener("mouseenter", () => explain(token));
  word.addEventListener("click", () => { word.focus(); explain(token); });
  return word;
}

function explain(token) {
  if (token.logP === null) {
    return;
  }
  $("detail-heading").textContent = `${visible(token.token)}: ${shown(bitsOf(token.logP), 2)} bits`;
  const rows = Object.entries(token.top).sort((a, b) => b[1] - a[1]).map(([name, logP]) => {
    const row = document.createElement("tr");
    row.classList.toggle("chosen", name === token.token);
    for (const cell of [visible(name), `${shown(100 * Math.exp(logP), 2)} %`, shown(bitsOf(logP), 2)]) {
      row.insertCell().textContent = cell;
    }
    return row;
  });
  $("alternatives").replaceChildren(...rows);
  $("detail").hidden = false;
}

async function goOn() {
  const response = await ask(request({
    max_tokens: Number($("count").value), temperature: Number($("temperature").value), stream: true,
  }));
  $("continued").textContent = "";
  $("continuation").hidden = false;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = "", part; !(part = await reader.read()).done;) {
    const events = (rest + part.value).split("\n\n");
    rest = events.pop();
    for (const event of events.map(line => line.slice("data: ".length)).filter(line => line !== "[DONE]")) {
      const data = JSON.parse(event);
      if (data.error) {
        throw new Error(data.error.message);
      }
      $("continued").textContent += data.choices[0].text;
    }
  }
}

// One stop for Tab among the words; the arrow keys go from word to word.
$("words").addEventListener("keydown", event => {
  const words = [...$("words").children];
  const at = words.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: words.length - 1 }[event.key];
  if (at >= 0 && words[to]) {
    event.preventDefault();
    words[at].tabIndex = -1;
    words[to].tabIndex = 0;
    words[to].focus();
  }
});
$("form").addEventListener("submit", event => {
  event.preventDefault();
  attempt("Scoring\u2026", score);
});
$("text").addEventListener("keydown", event => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    $("form").requestSubmit();
  }
});
$("continue").addEventListener("click", () => attempt("Continuing\u2026", goOn));
attempt("", async () => {
  const models = (await (await fetch("v1/models")).json()).data;
  $("model").replaceChildren(...models.map(model => new Option(model.id, model.id)));
  $("models").hidden = models.length < 2;
});
