// Lists the services and lets a person call them. All that comes from a service is written as text
// (textContent), never as markup. Values are sent and shown as they are written: a number of
// JavaScript has fewer digits.
'use strict';

const LINES_KEPT = 200;
const OTHERS = Symbol('arguments of any name');
const byId = (id) => document.getElementById(id);

function element(name, text, ...children) {
  const made = document.createElement(name);
  if (text !== null) made.textContent = text;
  made.append(...children);
  return made;
}

function headers(more) {
  const authorization = byId('authorization').value.trim();
  return authorization ? { ...more, Authorization: authorization } : more;
}

async function load() {
  const state = byId('state');
  const services = byId('services');
  services.replaceChildren();
  state.textContent = 'Loading…';
  try {
    const response = await fetch('services', { headers: headers({}) });
    const found = await response.json();
    if (!response.ok) {
      state.textContent = found.status + ': ' + found.detail;
      return;
    }
    state.textContent = '';
    services.replaceChildren(...found.map(section));
  } catch (e) {
    state.textContent = 'The server does not answer: ' + e.message;
  }
}

function section(service) {
  const made = element('section', null, element('h2', service.name));
  for (const [name, command] of Object.entries(service.commands)) {
    for (const form of command.forms) {
      made.append(call(service.name, name, command, form));
    }
  }
  return made;
}

function call(service, name, command, form) {
  const inputs = new Map();
  const made = element('form', null, element('code', name), ' answers ' + form.returns + ' ');
  if (command.doc) made.append(element('p', command.doc));
  for (const parameter of form.parameters) {
    const input = element('input', null);
    input.placeholder = parameter.fallback ?? '';
    input.required = parameter.required && parameter.type !== 'String';
    inputs.set(parameter, input);
    const needed = parameter.required ? '' : ', optional';
    made.append(element('label', parameter.name + ' (' + parameter.type + needed + ') ', input));
  }
  if (form.open) {
    const input = element('input', null);
    input.placeholder = '{"name": "value"}';
    inputs.set(OTHERS, input);
    made.append(element('label', 'any arguments (JSON) ', input));
  }
  const ask = element('button', 'Call');
  const stop = element('button', 'Stop');
  const output = element('pre', '');
  stop.type = 'button';
  stop.hidden = output.hidden = true;
  made.append(ask, ' ', stop, output);
  made.addEventListener('submit', async (event) => {
    event.preventDefault();
    const aborting = new AbortController();
    stop.onclick = () => aborting.abort();
    ask.disabled = true;
    stop.hidden = output.hidden = false;
    output.className = output.textContent = '';
    try {
      await send(service, name, args(inputs), output, aborting.signal);
    } catch (e) {
      output.textContent += aborting.signal.aborted ? 'stopped\n' : 'failed: ' + e.message + '\n';
    } finally {
      ask.disabled = false;
      stop.hidden = true;
    }
  });
  return made;
}

/** The arguments as a JSON object. */
function args(inputs) {
  const given = [];
  for (const [parameter, input] of inputs) {
    if (parameter === OTHERS) {
      if (input.value !== '') given.push(members(input.value));
      continue;
    }
    if (input.value === '' && !(parameter.required && parameter.type === 'String')) continue;
    given.push(JSON.stringify(parameter.name) + ':' + value(parameter.type, input.value));
  }
  return '{' + given.filter((part) => part !== '').join(',') + '}';
}

/** What stands between the braces of a JSON object. */
function members(object) {
  if (!/^\s*\{/.test(object)) throw new TypeError('expected an object, not ' + object);
  JSON.parse(object);
  return object.trim().slice(1, -1).trim();
}

/** What a person entered, as JSON. */
function value(type, text) {
  if (/^(Optional<)?(String|UUID|URI|char|Character|byte\[\])>?$/.test(type)) return JSON.stringify(text);
  return isJson(text) ? text : JSON.stringify(text);
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON over several lines, with all that it says as it was. */
function indented(json) {
  let depth = 0;
  const line = () => '\n' + '  '.repeat(depth);
  return json.replace(/"(?:[^"\\]|\\.)*"|[{[]\s*[}\]]|[{}[\],:]|\s+/g, (token) => {
    if (token[0] === '"') return token;
    if (/^[{[]\s*[}\]]$/.test(token)) return token[0] + token.at(-1);
    switch (token) {
      case '{':
      case '[':
        depth++;
        return token + line();
      case '}':
      case ']':
        depth--;
        return line() + token;
      case ',':
        return ',' + line();
      case ':':
        return ': ';
      default:
        return ''; // white space
    }
  });
}

async function send(service, name, given, output, signal) {
  const path = 'services/' + encodeURIComponent(service) + '/' + encodeURIComponent(name);
  const response = await fetch(path, {
    method: 'POST',
    headers: headers({ 'Content-Type': 'application/json', Accept: 'application/json, application/x-ndjson;q=0.9' }),
    body: given,
    signal,
  });
  if (!response.ok) output.className = 'problem';
  if ((response.headers.get('Content-Type') ?? '').startsWith('application/x-ndjson')) {
    await show(response.body.pipeThrough(new TextDecoderStream()).getReader(), output);
  } else {
    const text = await response.text();
    output.textContent = isJson(text) ? indented(text) : text;
  }
}

/** Shows the newest lines of a stream. */
async function show(reader, output) {
  let lines = [];
  let rest = '';
  for (;;) {
    const { value: text, done } = await reader.read();
    if (done) break;
    const parts = (rest + text).split('\n');
    rest = parts.pop();
    lines = lines.concat(parts.filter((line) => line !== '')).slice(-LINES_KEPT);
    output.textContent = lines.join('\n') + '\n';
    output.scrollTop = output.scrollHeight;
  }
}

byId('reload').addEventListener('click', load);
load();
