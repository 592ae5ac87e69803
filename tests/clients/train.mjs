// A real training job: learns when it rains in Seattle and logs all of it, half through the npm package mlflow (a third party's client), half by
// plain HTTP: params, metrics, its data set, its own code, its environment, the model and what the model says. Then it finds its run again by metric and
// param. Whoever has its run can train it again from the archive at /api/v1/runs/<run>/reproduce. Usage: node train.mjs [url of the store, default http://127.0.0.1:7071] [learning rate, default 0.5]
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import MLflow from 'mlflow';
import { featureNames, load, nearest, predict, random, split, train } from './weather.mjs';

const store = (process.argv[2] ?? 'http://127.0.0.1:7071').replace(/\/+$/, '');
const experimentName = 'seattle-rain';
const settings = { seed: 20, learningRate: Number(process.argv[3] ?? 0.5), l2: 0.001, epochs: 120, holdoutShare: 0.25 };
const say = console.log.bind(console);
// The client prints each body that it sends.
console.log = () => {};

class Refused extends Error {
  constructor(path, status, answer) {
    super(`${path} answered ${status}: ${answer.error_code ?? ''} ${answer.message ?? answer.detail ?? ''}`);
    this.code = answer.error_code;
  }
}

async function send(method, path, body, contentType) {
  const response = await fetch(`${store}/api/${path}`, { method, headers: contentType ? { 'Content-Type': contentType } : {}, body, signal: AbortSignal.timeout(30_000) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(path, response.status, answer);
  return answer;
}

const call = (method, path, content) => method === 'GET'
  ? send(method, `2.0/mlflow/${path}${content ? `?${new URLSearchParams(content)}` : ''}`)
  : send(method, `2.0/mlflow/${path}`, JSON.stringify(content), 'application/json');

/** Stores a file of a run. */
const upload = (run, path, bytes, contentType) =>
  send('PUT', `2.0/mlflow-artifacts/artifacts/${run.info.artifact_uri.replace(/^mlflow-artifacts:\//, '')}/${path}`, bytes, contentType);

const here = (name) => readFileSync(new URL(name, import.meta.url));

function must(holds, what) {
  if (!holds) throw new Error(what);
}

async function findExperiment(client) {
  const byName = () => call('GET', 'experiments/get-by-name', { experiment_name: experimentName });
  try {
    const { experiment } = await byName();
    if (experiment.lifecycle_stage === 'deleted') await client.Experiments.restore({ experiment_id: experiment.experiment_id });
    return experiment.experiment_id;
  } catch (refused) {
    if (refused.code !== 'RESOURCE_DOES_NOT_EXIST') throw refused;
  }
  try {
    return (await client.Experiments.create({ name: experimentName })).experiment_id;
  } catch (lost) {
    // Another job may have created it just now.
    if (!lost.message.includes('RESOURCE_ALREADY_EXISTS')) throw lost;
    return (await byName()).experiment.experiment_id;
  }
}

function gitCommit() {
  const git = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: dirname(fileURLToPath(import.meta.url)), encoding: 'utf8' });
  return git.status === 0 ? git.stdout.trim() : 'unknown';
}

async function main() {
  const client = new MLflow({ endpoint: store });
  const data = load();
  const next = random(settings.seed);
  const parts = split(data.rows, settings.holdoutShare, next);

  const experiment_id = await findExperiment(client);
  const { run } = await client.Runs.create({
    experiment_id,
    user_id: 'train.mjs',
    start_time: Date.now(),
    tags: [
      { key: 'mlflow.source.name', value: 'tests/clients/train.mjs' },
      { key: 'mlflow.source.type', value: 'LOCAL' },
      { key: 'mlflow.source.git.commit', value: gitCommit() },
    ],
  });
  const run_id = run.info.run_id;
  try {
    await client.Runs.setTag({ run_id, key: 'data.md5', value: data.md5 });
    await client.Runs.logParameter({ run_id, key: 'learning_rate', value: String(settings.learningRate) });
    await client.Runs.logBatch({
      run_id,
      metrics: [],
      params: [
        { key: 'model', value: 'logistic regression' },
        { key: 'seed', value: String(settings.seed) },
        { key: 'l2', value: String(settings.l2) },
        { key: 'epochs', value: String(settings.epochs) },
        { key: 'holdout_share', value: String(settings.holdoutShare) },
        { key: 'features', value: featureNames.join(' ') },
        { key: 'training_rows', value: String(parts.training.length) },
        { key: 'holdout_rows', value: String(parts.holdout.length) },
      ],
      tags: [{ key: 'data.name', value: 'seattle-weather' }],
    });
    await Promise.all([
      upload(run, 'code/train.mjs', here('train.mjs'), 'text/javascript'),
      upload(run, 'code/weather.mjs', here('weather.mjs'), 'text/javascript'),
      upload(run, 'data/seattle-weather.csv', data.bytes, 'text/csv'),
    ]);
    await send('PUT', `v1/runs/${run_id}/environment`, JSON.stringify({
      files: ['package.json', 'package-lock.json'].map((path) => ({ path, content: readFileSync(nearest(path), 'utf8') })),
      languages: { node: process.versions.node },
      // From the folder of what the run stored.
      entryPoint: 'node code/train.mjs',
      arguments: [store, String(settings.learningRate)],
      seed: settings.seed,
    }), 'application/json');
    await call('POST', 'runs/log-inputs', {
      run_id,
      datasets: [{
        dataset: {
          name: 'seattle-weather',
          digest: data.md5,
          source_type: 'artifact',
          source: JSON.stringify({ uri: `${run.info.artifact_uri}/data/seattle-weather.csv`, package: 'vega-datasets', version: data.version }),
          schema: JSON.stringify({ columns: data.columns }),
          profile: JSON.stringify({ rows: data.rows.length }),
        },
        tags: [{ key: 'mlflow.data.context', value: 'training' }],
      }],
    });

    let last;
    for (const scores of train(parts, settings, next)) {
      const timestamp = Date.now();
      const metrics = ['train', 'holdout'].flatMap((part) => Object.entries(scores[part]).map(([name, value]) => ({ key: `${part}_${name}`, value, timestamp, step: scores.epoch })));
      await (scores.epoch % 2 === 0 ? client.Runs.logBatch({ run_id, metrics, params: [], tags: [] }) : call('POST', 'runs/log-batch', { run_id, metrics }));
      last = scores;
    }
    const predictions = predict(last.model, parts.holdout);
    await upload(run, 'model/weights.json', JSON.stringify(last.model, null, 2), 'application/json');
    await upload(run, 'predictions.csv', `chance,rained\n${predictions.map(({ chance, rained }) => `${chance},${rained}`).join('\n')}\n`, 'text/csv');
    await client.Runs.update({ run_id, status: 'FINISHED', end_time: Date.now() });
    await check(client, experiment_id, run_id, last, data);
    say(`Run ${run_id} of experiment ${experiment_id} (${experimentName}): after ${last.epoch} epochs on ${parts.training.length} days, `
      + `${parts.holdout.length} other days are told with accuracy ${last.holdout.accuracy.toFixed(3)}, F1 ${last.holdout.f1.toFixed(3)}; search finds it.`);
  } catch (failed) {
    await client.Runs.update({ run_id, status: 'FAILED', end_time: Date.now() }).catch(() => {});
    throw failed;
  }
}

async function check(client, experiment_id, run_id, last, data) {
  must(last.holdout.accuracy > 0.7 && last.holdout.f1 > 0.6, `The model learnt nothing: accuracy ${last.holdout.accuracy}, F1 ${last.holdout.f1}.`);
  const filter = `metrics.holdout_f1 >= ${last.holdout.f1} and metrics.train_loss < ${last.train.loss + 1e-9} and params.learning_rate = '${settings.learningRate}'`;
  const { runs = [] } = await call('POST', 'runs/search', {
    experiment_ids: [experiment_id], filter, order_by: ['metrics.holdout_f1 DESC', 'attributes.start_time DESC'], max_results: 100,
  });
  const found = runs.find((each) => each.info.run_id === run_id);
  must(found, `Search by ${filter} found ${runs.length} runs, but not ${run_id}.`);
  must(found.info.status === 'FINISHED', `The run's status is ${found.info.status}.`);
  must(found.data.tags.some((tag) => tag.key === 'data.md5' && tag.value === data.md5), 'The tag data.md5 is missing.');
  must(found.data.metrics.find((metric) => metric.key === 'holdout_f1').value === last.holdout.f1, 'The latest holdout_f1 is another one.');
  must(found.inputs.dataset_inputs[0].dataset.name === 'seattle-weather', 'The data set is not among the inputs.');

  const byParam = await client.Runs.search({ experiment_ids: [experiment_id], filter: `params.learning_rate = 'none such'` });
  must(!(byParam.runs ?? []).some((each) => each.info.run_id === run_id), 'Search by another learning rate found the run too.');
  const { inputs, outputs } = await send('GET', `v1/runs/${run_id}/manifest`);
  must(inputs.some((input) => input.path === 'seattle-weather' && input.md5 === data.md5), 'The manifest lacks the data set.');
  for (const path of ['code/train.mjs', 'code/weather.mjs', 'data/seattle-weather.csv', 'model/weights.json', 'predictions.csv']) {
    must(outputs.some((output) => output.path === path && output.sha256), `The manifest lacks ${path}.`);
  }
  const { metrics } = await client.Metrics.getHistory({ run_id, metric_key: 'holdout_loss' });
  must(metrics.length === settings.epochs, `The history of holdout_loss has ${metrics.length} points instead of ${settings.epochs}.`);
  must(metrics.every((metric, i) => metric.step === i + 1), 'The history of holdout_loss is out of order.');
}

try {
  await main();
} catch (failed) {
  const cause = failed.cause ? ` (${failed.cause.message || failed.cause.code})` : '';
  console.error(`The training job failed against ${store}: ${failed.message}${cause}`);
  process.exitCode = 1;
}
