// A model in production, from its training to its successor: trains a model of Seattle's temperature on the winter's weeks, logs and registers it by MLflow's API, and has it watched. Weekly windows of
// predictions, and labels that come a week late, go over Service Bus with the official SDK. Spring comes. The store finds that the model errs, asks once for retraining in the queue 'retraining', and this
// job retrains on the newest weeks, says so over Service Bus, and reads whether that helped. What it shows, honestly: pressure and wind of a week always differ from those of two months, for the new model as
// for the old one, so drift of features would ask for retraining every week. Only labels tell when the model is wrong: the season, which it does not see, moves what the same inputs mean (concept drift).
// And the data are normals (see temperature.mjs): in life it is noisier.
// Usage: node drift.mjs <url of the store> <amqp port> [--replay]. With --replay all messages are sent twice more, shuffled, under new message ids; nothing may change by it.
// Start ServerlessMeta.Local with --timers-every 2, or the verdict takes as long as its timer. Exit code 0: the loop closed.
import { createHash, randomUUID } from 'node:crypto';
import { ServiceBusClient } from '@azure/service-bus';
import MLflow from 'mlflow';
import { load, predict, rmse, train, week } from './temperature.mjs';
import { random } from './weather.mjs';

const [store, amqpPort, ...options] = process.argv.slice(2);
const name = `seattle-temperature-${randomUUID().slice(0, 8)}`;
const rule = `retrain-${name}`;
const source = `/stories/drift/${name}`;
const [trainedUntil, watchedUntil] = [8, 14];
const patience = 120_000;
const say = console.log.bind(console);
// The client of MLflow prints each body that it sends.
console.log = () => {};

function must(holds, what) {
  if (!holds) throw new Error(what);
}

async function call(method, path, body, accept = [200, 201]) {
  const response = await fetch(`${store}${path}`, { method, headers: body === undefined ? {} : { 'Content-Type': 'application/json' }, body: body === undefined ? undefined : JSON.stringify(body), signal: AbortSignal.timeout(60_000) });
  const text = await response.text();
  must(accept.includes(response.status), `${method} ${path} answered ${response.status}: ${text.slice(0, 1000)}`);
  return text ? JSON.parse(text) : {};
}

const mlflow = (path, body) => call('POST', `/api/2.0/mlflow/${path}`, body);
const ofVersion = (version, path) => `/api/v1/models/${name}/versions/${version}/${path}`;

async function until(what, probe) {
  for (const started = Date.now(); ;) {
    const found = await probe();
    if (found) return found;
    must(Date.now() - started < patience, `In vain waited for ${what}.`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

// The last week that is posted ends with the newest full day.
const firstHour = Math.floor(Date.now() / 86_400_000) * 86_400_000 - watchedUntil * week;
const rows = load(firstHour);
const weeks = (from, below) => rows.filter((row) => row.week >= from && row.week < below);
const time = (at) => new Date(at).toISOString();
const idOf = (version, row) => `v${version}-${time(row.at)}`;

const client = new ServiceBusClient(`Endpoint=sb://localhost:${amqpPort};SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true`);
const sender = client.createSender('metadata-ingest');
const sent = [];

async function send(id, verb, data) {
  const event = { specversion: '1.0', source, id, type: `dev.serverlessmeta.${verb}.v1`, time: time(Date.now()), data };
  sent.push(event);
  await sender.sendMessages({ messageId: `${source}/${id}`, contentType: 'application/cloudevents+json', subject: name, body: event });
}

/** Waits until all that was sent is applied. */
async function settled() {
  await until('the queue to be empty', async () => {
    const queue = (await call('GET', '/api/v1/queues')).queues.find((one) => one.name === 'metadata-ingest');
    if (queue.deadLetters > 0) {
      const { deadLetters } = await call('GET', '/api/v1/queues/metadata-ingest/dead-letters?pageSize=100');
      // The store may have those of others.
      const refused = deadLetters.filter((letter) => letter.subject === name).map((letter) => `${letter.messageId}: ${letter.reason} ${letter.description}`);
      must(refused.length === 0, `Messages were refused: ${refused.join('; ')}`);
    }
    return queue.active === 0;
  });
}

/** Trains on some weeks, logs the run, registers the version, makes it the champion, and has it watched against what it learned from. */
async function release(experiment, from, below, trigger) {
  const learned = weeks(from, below);
  const { run } = await new MLflow({ endpoint: store }).Runs.create({
    experiment_id: experiment, user_id: 'drift.mjs', start_time: Date.now(),
    tags: [{ key: 'mlflow.source.name', value: 'tests/clients/drift.mjs' }, ...trigger ? [{ key: 'serverlessmeta.trigger', value: trigger }] : []],
  });
  const run_id = run.info.run_id;
  if (trigger) await send(`started-${trigger}`, 'retrain.started', { trigger, run: run_id });
  const model = train(learned);
  await mlflow('runs/log-batch', {
    run_id,
    params: [{ key: 'model', value: 'least squares' }, { key: 'weeks', value: `${from} to ${below - 1}` }, { key: 'rows', value: String(learned.length) }],
    metrics: [{ key: 'rmse', value: rmse(model, learned), timestamp: Date.now(), step: 0 }],
  });
  await call('PUT', `/api/2.0/mlflow-artifacts/artifacts/${run.info.artifact_uri.replace(/^mlflow-artifacts:\//, '')}/model/weights.json`, model);
  await mlflow('runs/update', { run_id, status: 'FINISHED', end_time: Date.now() });
  const { model_version } = await mlflow('model-versions/create', { name, source: `${run.info.artifact_uri}/model`, run_id });
  const version = Number(model_version.version);
  await call('PUT', ofVersion(version, 'monitoring'), {
    schema: { task: 'regression', id: 'id', time: 'time', prediction: 'prediction', label: 'temperature' }, maxLabelLag: 'P60D',
  });
  await call('POST', ofVersion(version, 'baseline'), { rows: learned.map((row) => ({ ...inputs(version, row), prediction: predict(model, row), temperature: row.temperature })) });
  await mlflow('registered-models/alias', { name, alias: 'champion', version: String(version) });
  return { version, model, run_id };
}

const inputs = (version, row) => ({ id: idOf(version, row), time: time(row.at), hour: row.hour, pressure: row.pressure, wind: row.wind });

/** What a version predicted in a week, in two parts as two machines would send it. */
async function postWindow({ version, model }, number) {
  const all = weeks(number, number + 1);
  const [start, end] = [firstHour + number * week, firstHour + (number + 1) * week];
  for (const [part, some] of [['a', all.filter((_, i) => i % 2 === 0)], ['b', all.filter((_, i) => i % 2 === 1)]]) {
    await send(`window-${version}-${number}-${part}`, 'window.post', {
      model: name, version, window: `week-${number}`, start: time(start), end: time(end), part,
      rows: some.map((row) => ({ ...inputs(version, row), prediction: predict(model, row) })),
    });
  }
}

/** What the thermometers said in that week, which is known a week later. */
const postLabels = ({ version }, number) => send(`labels-${version}-${number}`, 'labels.post', {
  model: name, version, batch: `week-${number}`,
  labels: weeks(number, number + 1).map((row) => ({ predictionId: idOf(version, row), label: row.temperature, predictionTime: time(row.at), labelTime: time(row.at + week) })),
});

/** Has computed what came, without waiting for the timer; while that computes, it answers 429. */
async function compute({ version }) {
  await settled();
  await until('the drift to be computed', async () => (await call('POST', ofVersion(version, 'drift/compute'), undefined, [200, 429])).windows);
}

const rmseOf = async ({ version }, number) => {
  const result = await call('GET', `${ofVersion(version, 'drift')}?window=week-${number}`);
  return { result, error: result.performance.find((metric) => metric.metric === 'rmse') };
};

/** The next retraining that is asked for, of this model; null: none came in time. */
async function nextRequest(maxWaitTimeInMs) {
  const receiver = client.createReceiver('retraining');
  try {
    const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs });
    if (!message) return null;
    must(message.body.data.target?.model === name || JSON.stringify(message.body).includes(name), `Somebody else's retraining is asked for: ${JSON.stringify(message.body).slice(0, 500)}`);
    await receiver.completeMessage(message);
    return message;
  } finally {
    await receiver.close();
  }
}

/** All that the store says of this model's windows, labels, results, triggers and rule, as one hash. */
async function fingerprint(versions) {
  const pages = [];
  for (const { version } of versions) {
    for (const path of ['windows?pageSize=100', 'drift/results?pageSize=100', 'labels', 'triggers']) pages.push(await call('GET', ofVersion(version, path)));
    for (const window of pages.at(-4).windows) pages.push(await call('GET', ofVersion(version, `windows/${window.window}`)), await call('GET', `${ofVersion(version, 'drift')}?window=${window.window}`));
  }
  const { triggers } = await call('GET', `/api/v1/triggers?model=${name}`);
  for (const { trigger } of triggers) pages.push(await call('GET', `/api/v1/triggers/${trigger.id}`));
  pages.push(await call('GET', `/api/v1/rules/${rule}`));
  return { triggers, hash: createHash('sha256').update(JSON.stringify(pages)).digest('hex'), pages };
}

async function replay(versions) {
  const before = await fingerprint(versions);
  const again = [...sent, ...sent];
  const next = random(7);
  for (let i = again.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [again[i], again[j]] = [again[j], again[i]];
  }
  for (const event of again) await sender.sendMessages({ messageId: randomUUID(), contentType: 'application/cloudevents+json', body: event });
  for (const version of versions) await compute(version);
  must(await nextRequest(3000) === null, 'Replaying asked for retraining again.');
  const after = await fingerprint(versions);
  const changed = before.pages.findIndex((page, i) => JSON.stringify(page) !== JSON.stringify(after.pages[i]));
  must(before.hash === after.hash, `Replaying changed what the store says, from\n${JSON.stringify(before.pages[changed])}\nto\n${JSON.stringify(after.pages[changed])}`);
  say(`All ${sent.length} messages were sent twice more, shuffled, under new ids: the same records, and no second trigger.`);
}

async function main() {
  await mlflow('registered-models/create', { name });
  const { experiment_id } = await mlflow('experiments/create', { name });
  const first = await release(experiment_id, 0, trainedUntil);
  await call('PUT', `/api/v1/rules/${rule}`, {
    target: { model: name }, when: { signal: 'performance', metric: 'rmse', op: '>=', enter: 1.5, exit: 1, minN: 100 },
    aggregate: { m: 2, n: 3, cooldown: 'P14D', graceWindows: 2 }, mode: 'auto', actions: [{ type: 'serviceBus', entity: 'retraining' }],
  });
  say(`Version 1 of ${name} learned from weeks 0 to ${trainedUntil - 1}: it errs by ${rmse(first.model, weeks(0, trainedUntil)).toFixed(2)} degrees there.`);

  let [request, number] = [null, trainedUntil];
  for (; request === null; number++) {
    must(number < watchedUntil - 2, 'No retraining was asked for.');
    await postWindow(first, number);
    if (number > trainedUntil) await postLabels(first, number - 1);
    await compute(first);
    if (number === trainedUntil) continue;
    const { result, error } = await rmseOf(first, number - 1);
    must(result.labelled === weeks(number - 1, number).length, `Of week ${number - 1} ${result.labelled} labels are counted.`);
    say(`Week ${number - 1}: version 1 errs by ${error.value.toFixed(2)} degrees (${error.verdict}); features that drifted: ${result.columns.filter((column) => column.role === 'feature' && column.verdict === 'drift').map((column) => column.column).join(', ') || 'none'}.`);
    const reallyWrong = rmse(first.model, weeks(number - 1, number));
    must(Math.abs(error.value - reallyWrong) < 1e-9 * reallyWrong, `The store says ${error.value}, but it is ${reallyWrong}.`);
    request = await nextRequest(error.value >= 1.5 ? 5000 : 300);
  }
  const asked = request.body;
  must(asked.type === 'dev.serverlessmeta.retrain.requested.v1', `A message of type ${asked.type} came.`);
  must(request.messageId === asked.id, 'The id of the message is not that of the decision.');
  say(`Retraining is asked for, by ${request.messageId}: ${JSON.stringify(asked.data.cause)}`);

  // Of the newest week the labels are not known yet.
  const second = await release(experiment_id, number - 5, number - 1, asked.id);
  await send(`completed-${asked.id}`, 'retrain.completed', { trigger: asked.id, run: second.run_id, modelVersion: second.version });
  for (const version of [first, second]) {
    // The old version goes on in the shadow, so that both are judged by the same weeks.
    for (let next = version === first ? number : number - 1; next < watchedUntil; next++) await postWindow(version, next);
    for (let next = number - 1; next < watchedUntil; next++) await postLabels(version, next);
    await compute(version);
  }
  const trigger = await until('the verdict', async () => {
    const found = (await call('GET', `/api/v1/triggers/${asked.id}`)).trigger;
    return found.verdict && found.verdict.outcome !== 'undecided' ? found : null;
  });
  must(trigger.run === second.run_id && trigger.newVersion === second.version && trigger.version === first.version, 'The trigger does not name its run and versions.');
  must((await call('GET', `/api/v1/runs/${second.run_id}/trigger`)).trigger.id === asked.id, 'The run does not name its trigger.');
  const errors = await Promise.all([first, second].map(async (version) => (await rmseOf(version, watchedUntil - 1)).error.value));
  say(`Week ${watchedUntil - 1}: version 1 errs by ${errors[0].toFixed(2)} degrees, version ${second.version} by ${errors[1].toFixed(2)}. Did retraining help? ${trigger.verdict.outcome}: ${trigger.verdict.reason}`);
  must(trigger.verdict.outcome === (errors[1] < errors[0] ? 'helped' : 'worse'), `The verdict is ${trigger.verdict.outcome}.`);
  must(await nextRequest(1000) === null, 'Retraining was asked for twice.');
  const { triggers } = await call('GET', `/api/v1/triggers?model=${name}`);
  must(triggers.length === 1, `There are ${triggers.length} triggers.`);
  if (options.includes('--replay')) await replay([first, second]);
}

try {
  await main();
} catch (failed) {
  console.error(`The story broke off against ${store}: ${failed.stack}${failed.cause ? ` (${failed.cause.message || failed.cause.code})` : ''}`);
  process.exitCode = 1;
} finally {
  await client.close().catch(() => {});
}
