/* The page at /api/docs: reads /api/openapi.json and lists what it finds. No library, nothing from elsewhere. */
/* global document, window, fetch, sessionStorage, performance, URL, File, FormData */

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const MAX_SHOWN = 200000;

/** el('p', { class: 'x' }, 'text', child…): attributes by name, `on…` as listeners, children as text or nodes. */
function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.filter((c) => c !== undefined && c !== null));
  return node;
}

function resolver(doc) {
  return (value) => {
    let at = value;
    for (let i = 0; at && at.$ref && i < 20; i += 1) {
      at = at.$ref
        .slice(2)
        .split('/')
        .reduce((node, key) => node?.[key], doc);
    }
    return at ?? {};
  };
}

function typeText(schema, resolve) {
  if (schema.$ref) return schema.$ref.split('/').pop();
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf) return schema.anyOf.map((s) => typeText(s, resolve)).join(' or ');
  const types = [schema.type ?? 'any'].flat();
  const named = types.map((t) => (t === 'array' && schema.items ? `list of ${typeText(schema.items, resolve)}` : t));
  return named.join(' or ') + (schema.format ? ` (${schema.format})` : '');
}

function limitsText(schema) {
  const parts = [];
  if (schema.enum) parts.push(schema.enum.filter((v) => v !== null).join(', '));
  if (schema.items?.enum) parts.push(schema.items.enum.join(', '));
  const pairs = [
    ['minLength', 'maxLength', 'characters'],
    ['minimum', 'maximum', ''],
    ['minItems', 'maxItems', 'items'],
  ];
  for (const [low, high, unit] of pairs) {
    const least = schema[low];
    const most = schema[high];
    if (most === undefined || Math.abs(most) > 9e15) continue;
    parts.push(`${least ?? 0} to ${most} ${unit}`.trim());
  }
  return parts.length ? `(${parts.join('; ')})` : '';
}

function schemaTable(schema, resolve) {
  const s = resolve(schema);
  const properties = Object.entries(s.properties ?? {});
  if (!properties.length) return el('p', { class: 'nothing' }, typeText(s, resolve));
  const required = new Set(s.required ?? []);
  const rows = properties.map(([name, p]) =>
    el(
      'tr',
      {},
      el('td', {}, el('code', {}, name), required.has(name) ? ' *' : ''),
      el('td', {}, typeText(p, resolve)),
      el('td', {}, [p.description, limitsText(p)].filter(Boolean).join(' ')),
    ),
  );
  return table(['Field', 'Type', 'Meaning'], rows);
}

function table(heads, rows) {
  return el(
    'table',
    { class: 'stack' },
    el('thead', {}, el('tr', {}, ...heads.map((h) => el('th', { scope: 'col' }, h)))),
    el('tbody', {}, ...rows),
  );
}

function parameterRows(op, resolve) {
  return (op.parameters ?? []).map((p) =>
    el(
      'tr',
      {},
      el('td', {}, el('code', {}, p.name), p.required ? ' *' : ''),
      el('td', {}, `${typeText(p.schema ?? {}, resolve)}, in the ${p.in}`),
      el('td', {}, [p.description, limitsText(p.schema ?? {})].filter(Boolean).join(' ')),
    ),
  );
}

const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The address with what the parameters' examples say; of the query what is required, and two more. */
function exampleAddress(path, op) {
  let address = path;
  const query = [];
  for (const p of op.parameters ?? []) {
    if (p.in === 'path') address = address.replace(`{${p.name}}`, encodeURIComponent(String(p.example)));
    else if (p.in === 'query' && (p.required || query.length < 2)) {
      query.push(`${p.name}=${encodeURIComponent(String(p.example))}`);
    }
  }
  if ((op.security ?? []).some((s) => s.ticket) && !op.security.some((s) => s.accessToken)) query.push('ticket=TICKET');
  return window.location.origin + address + (query.length ? `?${query.join('&')}` : '');
}

function curlBody(media, content, resolve) {
  if (media === 'multipart/form-data') {
    const properties = resolve(content.schema ?? {}).properties ?? {};
    return Object.entries(content.example ?? {}).map(([key, value]) =>
      properties[key]?.format === 'binary' ? `-F ${key}=@FILE` : `-F ${shell(`${key}=${value}`)}`,
    );
  }
  const type = `-H ${shell(`Content-Type: ${media}`)}`;
  if (media !== 'application/json') return [type, '--data-binary @FILE'];
  return [type, `-d ${shell(JSON.stringify(content.example, null, 2))}`];
}

/** The call as one would type it. */
function curl(method, path, op, resolve) {
  const address = exampleAddress(path, op);
  if (op['x-websocket-protocol']) {
    return `new WebSocket('${address.replace(/^http/, 'ws')}', ['${op['x-websocket-protocol']}', 'token.TOKEN'])`;
  }
  const lines = [`curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}${shell(address)}`];
  if ((op.security ?? []).some((s) => s.accessToken || s.sessionToken)) lines.push("-H 'Authorization: Bearer TOKEN'");
  const [media, content] = Object.entries(op.requestBody?.content ?? {})[0] ?? [];
  if (media) lines.push(...curlBody(media, content, resolve));
  return lines.join(' \\\n  ');
}

function successOf(op) {
  return Object.entries(op.responses ?? {}).find(([status]) => /^[12]/.test(status)) ?? ['', {}];
}

function exampleNodes(method, path, op, resolve) {
  const [status, success] = successOf(op);
  const [media, content] = Object.entries(success.content ?? {})[0] ?? [];
  const text =
    content?.example === undefined
      ? (media && `The bytes of ${media}`) || success.description || ''
      : typeof content.example === 'string'
        ? content.example
        : JSON.stringify(content.example, null, 2);
  return el(
    'div',
    { class: 'example' },
    el('div', {}, el('h4', {}, 'Request'), el('pre', { tabindex: '0' }, curl(method, path, op, resolve))),
    el('div', {}, el('h4', {}, `Reply ${status}`), el('pre', { tabindex: '0' }, text)),
  );
}

function responsesOf(op, resolve) {
  const rows = Object.entries(op.responses ?? {}).map(([status, r]) =>
    el('tr', {}, el('td', { class: 'status' }, status), el('td', {}, resolve(r).description ?? '')),
  );
  const nodes = [el('h4', {}, 'Replies'), table(['Status', 'Meaning'], rows)];
  const data = successOf(op)[1].content?.['application/json']?.schema?.properties?.data;
  if (data && data.type !== 'null') {
    nodes.push(el('h4', {}, `Data: ${typeText(data, resolve)}`), schemaTable(data, resolve));
  }
  return nodes;
}

let fields = 0;

function field(label, control, wide = false) {
  fields += 1;
  control.id = `field-${fields}`;
  return el('div', { class: wide ? 'wide' : undefined }, el('label', { for: control.id }, label), control);
}

function bodyControl(op, resolve) {
  const content = op.requestBody?.content;
  if (!content) return undefined;
  if (content['application/json']) {
    const control = el('textarea', { spellcheck: 'false' });
    control.value = JSON.stringify(content['application/json'].example, null, 2);
    return { media: 'application/json', control };
  }
  const properties = resolve(content['multipart/form-data']?.schema ?? {}).properties ?? {};
  const part = Object.keys(properties).find((key) => properties[key].format === 'binary');
  return {
    media: part ? 'multipart/form-data' : 'application/octet-stream',
    part,
    control: el('input', { type: 'file' }),
  };
}

function addressOf(path, inputs) {
  let address = path;
  const query = new URL('/', window.location.href).searchParams;
  for (const { parameter, control } of inputs) {
    if (parameter.in === 'path') address = address.replace(`{${parameter.name}}`, encodeURIComponent(control.value));
    else if (parameter.in === 'query' && control.value !== '') query.append(parameter.name, control.value);
  }
  const text = query.toString();
  return text ? `${address}?${text}` : address;
}

async function replyText(reply) {
  const type = reply.headers.get('Content-Type') ?? '';
  if (!/json|text|xml/.test(type)) {
    const blob = await reply.blob();
    return `${blob.size} bytes of ${type || 'unknown type'}`;
  }
  const text = await reply.text();
  try {
    return JSON.stringify(JSON.parse(text), null, 2).slice(0, MAX_SHOWN);
  } catch {
    return text.slice(0, MAX_SHOWN);
  }
}

async function send(method, address, body, out) {
  const headers = {};
  const token = document.getElementById('token').value.trim();
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body && !body.part) headers['Content-Type'] = body.media; // a form's boundary is the browser's to tell
  const file = body?.control.type === 'file' ? (body.control.files[0] ?? new File([], 'empty')) : undefined;
  let content = file ?? body?.control.value;
  if (body?.part) {
    content = new FormData();
    content.append(body.part, file);
  }
  const began = performance.now();
  out.replaceChildren(el('p', {}, 'Sending…'));
  try {
    const reply = await fetch(address, { method: method.toUpperCase(), headers, body: content });
    const text = await replyText(reply);
    const took = Math.round(performance.now() - began);
    out.replaceChildren(
      el(
        'p',
        {},
        el('strong', { class: reply.ok ? 'good' : 'bad' }, `${reply.status} ${reply.statusText}`),
        ` in ${took} ms, request ${reply.headers.get('X-Request-Id') ?? 'unknown'}`,
      ),
      el('p', {}, el('code', {}, `${method.toUpperCase()} ${address}`)),
      el('pre', { tabindex: '0' }, text),
    );
  } catch (error) {
    out.replaceChildren(el('p', { class: 'error' }, `No reply came: ${error.message}. Is the server running?`));
  }
}

function tryForm(method, path, op, resolve) {
  const sent = (op.parameters ?? []).filter((parameter) => parameter.in !== 'header');
  const inputs = sent.map((parameter) => ({
    parameter,
    control: el('input', {
      type: 'text',
      required: parameter.required === true,
      spellcheck: 'false',
      placeholder: parameter.example === undefined ? undefined : String(parameter.example),
    }),
  }));
  if ((op.security ?? []).some((s) => s.ticket)) {
    inputs.push({ parameter: { name: 'ticket', in: 'query' }, control: el('input', { type: 'text' }) });
  }
  const body = bodyControl(op, resolve);
  const out = el('div', { class: 'result', 'aria-live': 'polite' });
  const button = el('button', { type: 'submit' }, 'Send');
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    await send(method, addressOf(path, inputs), body, out);
    button.disabled = false;
  };
  return el(
    'form',
    { class: 'try', onsubmit: submit },
    el('h4', {}, 'Try it'),
    el(
      'div',
      { class: 'fields' },
      ...inputs.map(({ parameter, control }) => field(`${parameter.name} (${parameter.in})`, control)),
      body ? field(`Body (${body.media})`, body.control, true) : undefined,
    ),
    button,
    out,
  );
}

function inside(method, path, op, resolve) {
  const nodes = [];
  const access = (op['x-access'] ?? []).join(', ');
  nodes.push(el('p', { class: 'who' }, `Who may: ${access || 'anyone'}. Rate class: ${op['x-rate'] ?? 'normal'}.`));
  nodes.push(exampleNodes(method, path, op, resolve));
  const parameters = parameterRows(op, resolve);
  if (parameters.length) nodes.push(el('h4', {}, 'Parameters'), table(['Name', 'Type', 'Meaning'], parameters));
  const bodies = Object.entries(op.requestBody?.content ?? {});
  if (bodies.length) {
    nodes.push(el('h4', {}, `Body: ${bodies.map(([media]) => media).join(', ')}`));
    nodes.push(schemaTable(bodies[0][1].schema ?? {}, resolve));
  }
  nodes.push(...responsesOf(op, resolve));
  if (op['x-websocket-protocol']) {
    const text = `A WebSocket: connect with the subprotocols ${op['x-websocket-protocol']} and token.TOKEN.`;
    nodes.push(el('p', { class: 'try' }, text));
  } else {
    nodes.push(tryForm(method, path, op, resolve));
  }
  return nodes;
}

function operationNode(method, path, op, resolve) {
  const content = el('div', { class: 'inside' });
  const open = (event) => {
    if (event.target.open && !content.firstChild) content.append(...inside(method, path, op, resolve));
  };
  return el(
    'details',
    { class: 'operation', id: op.operationId, ontoggle: open },
    el(
      'summary',
      {},
      el('span', { class: `method ${method}` }, method.toUpperCase()),
      el('span', { class: 'path' }, path),
      op['x-websocket-protocol'] ? el('span', { class: 'badge' }, 'WebSocket') : undefined,
      (op['x-access'] ?? []).includes('public') ? el('span', { class: 'badge' }, 'public') : undefined,
      el('span', { class: 'doc' }, op.summary ?? ''),
    ),
    content,
  );
}

function collect(doc) {
  const tags = new Map();
  for (const [path, item] of Object.entries(doc.paths ?? {})) {
    for (const method of METHODS.filter((m) => item[m])) {
      const tag = item[method].tags?.[0] ?? 'other';
      if (!tags.has(tag)) tags.set(tag, []);
      tags.get(tag).push({ method, path, op: item[method] });
    }
  }
  return tags;
}

function openFromHash() {
  const target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
  if (!(target instanceof window.HTMLDetailsElement)) return;
  target.open = true;
  target.scrollIntoView();
}

function show(doc) {
  const resolve = resolver(doc);
  const main = document.getElementById('operations');
  const index = document.getElementById('index');
  const wide = window.matchMedia('(min-width: 768px)').matches;
  const entries = [];
  document.title = `${doc.info.title} API`;
  document.getElementById('title').textContent = `${doc.info.title} API`;
  document.getElementById('version').textContent = `Version ${doc.info.version}.`;
  document.getElementById('about').textContent = doc.info.description ?? '';
  const refused = doc.components?.responses?.E404?.content?.['application/json']?.example;
  if (refused) {
    const shown = el('pre', { tabindex: '0' }, JSON.stringify(refused, null, 2));
    document.getElementById('refused').append(el('summary', {}, 'What a refused request gets'), shown);
  }
  for (const [tag, operations] of collect(doc)) {
    const head = el('h2', {}, tag);
    const list = el('ul');
    const group = el('li', {}, el('details', { open: wide }, el('summary', {}, tag), list));
    main.append(head);
    index.append(group);
    const nodes = operations.map(({ method, path, op }) => {
      const node = operationNode(method, path, op, resolve);
      const link = el('span', { class: `method ${method}` }, method.toUpperCase());
      const item = el('li', {}, el('a', { href: `#${op.operationId}` }, link, el('span', { class: 'path' }, path)));
      main.append(node);
      list.append(item);
      return { node, item, words: `${method} ${path} ${op.summary ?? ''} ${tag}`.toLowerCase() };
    });
    entries.push({ head, group, nodes });
  }
  return entries;
}

function filter(entries, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { head, group, nodes } of entries) {
    let any = false;
    for (const { node, item, words: own } of nodes) {
      const fits = words.every((w) => own.includes(w));
      node.hidden = item.hidden = !fits;
      any ||= fits;
      found += fits ? 1 : 0;
    }
    head.hidden = group.hidden = !any;
  }
  return found;
}

async function start() {
  const state = document.getElementById('state');
  const token = document.getElementById('token');
  token.value = sessionStorage.getItem('api-docs-token') ?? '';
  token.addEventListener('input', () => sessionStorage.setItem('api-docs-token', token.value));
  document.getElementById('token-form').addEventListener('submit', (event) => event.preventDefault());
  try {
    const reply = await fetch('/api/openapi.json');
    if (!reply.ok) throw new Error(`the server answered ${reply.status}`);
    const entries = show(await reply.json());
    state.textContent = '';
    document.getElementById('filter').addEventListener('input', (event) => {
      const found = filter(entries, event.target.value);
      state.textContent = found ? '' : 'Nothing fits. Try a part of a path, such as “sessions”.';
    });
    window.addEventListener('hashchange', openFromHash);
    openFromHash();
  } catch (error) {
    state.className = 'error';
    state.textContent = `The description could not be loaded: ${error.message}. Reload the page to try again.`;
  }
}

await start();
