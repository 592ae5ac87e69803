// What Service Bus promises, asked of its stand-in through the official JavaScript SDK. Usage: node service-bus.mjs <amqp port> [part of a check's name]
// Needs the entities of the test that runs it: queues checks, checks-short (a lock of 2 s, 3 deliveries), checks-unique (duplicate detection), checks-small (room
// for 3 messages) and a topic checks-topic with the subscriptions one and two. Prints a line for each check; exit code 0 when all hold.
import assert from 'node:assert/strict';
import { delay, ServiceBusClient } from '@azure/service-bus';
import Long from 'long';

const connectionString = `Endpoint=sb://localhost:${process.argv[2]};SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true`;
const only = process.argv[3] ?? '';
const soon = { maxWaitTimeInMs: 5000 };
const options = { retryOptions: { maxRetries: 0, timeoutInMs: 15_000 } };
let client = new ServiceBusClient(connectionString, options);
let count = 0;
const id = () => `m-${process.pid}-${++count}`;

async function send(entity, ...messages) {
  const sender = client.createSender(entity);
  await sender.sendMessages(messages.length === 1 ? messages[0] : messages);
  await sender.close();
}

/** Runs with a receiver that is closed afterwards. */
async function receiving(source, how, receiverOptions = {}) {
  const receiver = Array.isArray(source) ? client.createReceiver(source[0], source[1], receiverOptions) : client.createReceiver(source, receiverOptions);
  try {
    return await how(receiver);
  } finally {
    await receiver.close();
  }
}

/** Exactly so many messages, in however many batches they come. */
async function take(receiver, wanted) {
  const messages = [];
  while (messages.length < wanted) {
    const more = await receiver.receiveMessages(wanted - messages.length, soon);
    assert.ok(more.length > 0, `only ${messages.length} of ${wanted} messages came`);
    messages.push(...more);
  }
  return messages;
}

async function isEmpty(receiver) {
  assert.equal((await receiver.receiveMessages(1, { maxWaitTimeInMs: 300 })).length, 0, 'there is a message left');
}

async function fails(what, code) {
  const error = await what().then(() => null, (failed) => failed);
  assert.equal(error?.code, code, `${error}`);
  return error;
}

const checks = {
  'a message is received as it was sent': () => receiving('checks', async (receiver) => {
    const sent = {
      messageId: id(), body: { text: 'Grüße', list: [1, 2.5, null] }, contentType: 'application/json', subject: 'a subject', correlationId: 'c-1', replyTo: 'there', to: 'here',
      timeToLive: 60_000, partitionKey: 'p-1', applicationProperties: { text: 'ü', whole: 7, part: 0.5, yes: true, at: new Date(1_700_000_000_000) },
    };
    const before = Date.now();
    await send('checks', sent);

    const [message] = await take(receiver, 1);

    for (const name of ['messageId', 'body', 'contentType', 'subject', 'correlationId', 'replyTo', 'to', 'timeToLive', 'partitionKey']) {
      assert.deepEqual(message[name], sent[name], name);
    }
    assert.deepEqual(message.applicationProperties, { ...sent.applicationProperties, at: 1_700_000_000_000 });
    assert.equal(message.deliveryCount, 0);
    assert.equal(message.state, 'active');
    assert.ok(message.sequenceNumber.gt(Long.ZERO));
    assert.match(message.lockToken, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.ok(Math.abs(message.enqueuedTimeUtc - before) < 30_000);
    assert.ok(message.lockedUntilUtc - Date.now() > 30_000);
    await receiver.completeMessage(message);
    await isEmpty(receiver);
  }),

  'bodies of bytes, text, values and sequences come through': () => receiving('checks', async (receiver) => {
    const bodies = [['data', Buffer.from([0, 1, 2, 255])], ['value', 'just text'], ['value', { a: 1 }], ['sequence', [1, 'two']]];
    for (const [bodyType, body] of bodies) {
      await send('checks', { bodyType, body });
      const [message] = await take(receiver, 1);
      assert.deepEqual(message.body, body);
      assert.equal(message._rawAmqpMessage.bodyType, bodyType);
      await receiver.completeMessage(message);
    }
  }),

  'a message without an id gets one': () => receiving('checks', async (receiver) => {
    await send('checks', { body: 'no id' });
    const [message] = await take(receiver, 1);
    assert.match(message.messageId, /^[0-9a-f]{32}$/);
    await receiver.completeMessage(message);
  }),

  'a lock can be renewed and then settled': () => receiving('checks-short', async (receiver) => {
    await send('checks-short', { body: 'renewed' });
    const [message] = await take(receiver, 1);
    for (let i = 0; i < 4; i++) {
      await delay(800);
      const until = await receiver.renewMessageLock(message);
      assert.ok(until - Date.now() > 1000, 'the lock was not renewed');
    }
    await receiver.completeMessage(message);
    await isEmpty(receiver);
  }),

  'a lock that ends gives the message back, and its token settles nothing': () => receiving('checks-short', async (receiver) => {
    await send('checks-short', { messageId: id(), body: 'slow' });
    const [first] = await take(receiver, 1);
    const [second] = await take(receiver, 1);
    assert.equal(second.messageId, first.messageId);
    assert.equal(second.deliveryCount, 1);
    await fails(() => receiver.completeMessage(first), 'MessageLockLost');
    await fails(() => receiver.renewMessageLock(first), 'MessageLockLost');
    await receiver.completeMessage(second);
    await isEmpty(receiver);
  }, { maxAutoLockRenewalDurationInMs: 0 }),

  'an abandoned message comes again, counted and changed': () => receiving('checks', async (receiver) => {
    await send('checks', { body: 'again', applicationProperties: { kept: 1 } });
    for (let i = 0; i < 3; i++) {
      const [message] = await take(receiver, 1);
      assert.equal(message.deliveryCount, i);
      assert.deepEqual(message.applicationProperties, i === 0 ? { kept: 1 } : { kept: 1, tried: i });
      await receiver.abandonMessage(message, { tried: i + 1 });
    }
    const [last] = await take(receiver, 1);
    await receiver.completeMessage(last);
  }),

  'a message that fails too often becomes a dead letter': () => receiving('checks-short', async (receiver) => {
    const messageId = id();
    await send('checks-short', { messageId, body: 'poison' });
    for (let i = 0; i < 3; i++) {
      const [message] = await take(receiver, 1);
      await receiver.abandonMessage(message);
    }
    await isEmpty(receiver);
    await receiving('checks-short', async (dead) => {
      const [message] = await take(dead, 1);
      assert.equal(message.messageId, messageId);
      assert.equal(message.deadLetterReason, 'MaxDeliveryCountExceeded');
      await dead.completeMessage(message);
    }, { subQueueType: 'deadLetter' });
  }),

  'a dead letter keeps its reason, and can be read and completed': () => receiving('checks', async (receiver) => {
    await send('checks', { body: 'bad', applicationProperties: { kept: 'yes' } });
    const [message] = await take(receiver, 1);
    await receiver.deadLetterMessage(message, { deadLetterReason: 'NotJson', deadLetterErrorDescription: 'It is a "poem".', line: 3 });
    await isEmpty(receiver);
    await receiving('checks', async (dead) => {
      const [letter] = await take(dead, 1);
      assert.equal(letter.body, 'bad');
      assert.equal(letter.deadLetterReason, 'NotJson');
      assert.equal(letter.deadLetterErrorDescription, 'It is a "poem".');
      assert.deepEqual([letter.applicationProperties.kept, letter.applicationProperties.line], ['yes', 3]);
      await dead.abandonMessage(letter);
      const [again] = await take(dead, 1);
      await dead.completeMessage(again);
      await isEmpty(dead);
    }, { subQueueType: 'deadLetter' });
  }),

  'a deferred message is received by its number only': () => receiving('checks', async (receiver) => {
    await send('checks', { body: 'later' });
    const [message] = await take(receiver, 1);
    await receiver.deferMessage(message);
    await isEmpty(receiver);
    const [peeked] = await receiver.peekMessages(1, { fromSequenceNumber: message.sequenceNumber });
    assert.equal(peeked.state, 'deferred');
    const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber);
    assert.equal(deferred.body, 'later');
    await receiver.completeMessage(deferred);
    await fails(() => receiver.receiveDeferredMessages(message.sequenceNumber), 'MessageNotFound');
  }),

  'a message is settled after its receiver was closed': async () => {
    await send('checks', { body: 'late' });
    const receiver = client.createReceiver('checks');
    const [message] = await take(receiver, 1);
    await receiver.close();
    await receiving('checks', async (other) => {
      await isEmpty(other);
      await other.completeMessage(message);
      assert.deepEqual(await other.peekMessages(1, { fromSequenceNumber: message.sequenceNumber }), []);
    });
  },

  'a second message of the same id is taken and forgotten': () => receiving('checks-unique', async (receiver) => {
    const [one, other] = [id(), id()];
    await send('checks-unique', { messageId: one, body: 1 });
    await send('checks-unique', { messageId: one, body: 2 });
    await send('checks-unique', { messageId: other, body: 3 }, { messageId: other, body: 4 }, { messageId: one, body: 5 });
    const messages = await take(receiver, 2);
    assert.deepEqual(messages.map((message) => message.body).sort(), [1, 3]);
    await Promise.all(messages.map((message) => receiver.completeMessage(message)));
    await isEmpty(receiver);
  }),

  'an empty queue answers a receive in time, and the same receiver gets what comes later': () => receiving('checks', async (receiver) => {
    for (let i = 0; i < 3; i++) {
      const started = Date.now();
      assert.deepEqual(await receiver.receiveMessages(10, { maxWaitTimeInMs: 200 }), []);
      assert.ok(Date.now() - started < 2000, `it took ${Date.now() - started} ms`);
      await send('checks', { body: i });
      const [message] = await take(receiver, 1);
      assert.equal(message.body, i);
      await receiver.completeMessage(message);
    }
  }),

  'a waiting receiver gets a message at once': () => receiving('checks', async (receiver) => {
    const waiting = receiver.receiveMessages(1, { maxWaitTimeInMs: 10_000 });
    await delay(300);
    const sent = Date.now();
    await send('checks', { body: 'now' });
    const [message] = await waiting;
    assert.ok(Date.now() - sent < 3000);
    await receiver.completeMessage(message);
  }),

  'a batch of 50 arrives in order': () => receiving('checks', async (receiver) => {
    const sender = client.createSender('checks');
    const batch = await sender.createMessageBatch();
    for (let i = 0; i < 50; i++) assert.ok(batch.tryAddMessage({ body: i, applicationProperties: { i } }));
    await sender.sendMessages(batch);
    const messages = await take(receiver, 50);
    assert.deepEqual(messages.map((message) => message.body), [...Array(50).keys()]);
    assert.deepEqual(messages.map((message) => message.applicationProperties.i), [...Array(50).keys()]);
    await Promise.all(messages.map((message) => receiver.completeMessage(message)));
    await isEmpty(receiver);
    await sender.close();
  }),

  'a batch takes no more than the broker does': async () => {
    const sender = client.createSender('checks');
    const batch = await sender.createMessageBatch();
    assert.equal(batch.maxSizeInBytes, 256 * 1024);
    assert.ok(batch.tryAddMessage({ body: 'x'.repeat(200_000) }));
    assert.ok(!batch.tryAddMessage({ body: 'x'.repeat(200_000) }));
    await sender.close();
  },

  'a message of 250 KB comes through, a larger one is refused': () => receiving('checks', async (receiver) => {
    const body = Buffer.alloc(250 * 1024, 7);
    await send('checks', { body });
    const [message] = await take(receiver, 1);
    assert.ok(body.equals(message.body));
    await receiver.completeMessage(message);
    await fails(() => send('checks', { body: Buffer.alloc(257 * 1024) }), 'MessageSizeExceeded');
  }),

  'peeking shows messages in order and leaves them': () => receiving('checks', async (receiver) => {
    await send('checks', ...[...Array(7).keys()].map((i) => ({ body: i, subject: `s-${i}` })));
    const locked = await take(receiver, 2);
    const first = await receiver.peekMessages(3, { fromSequenceNumber: locked[0].sequenceNumber });
    const rest = await receiver.peekMessages(100);
    assert.deepEqual([...first, ...rest].map((message) => message.body), [0, 1, 2, 3, 4, 5, 6]);
    assert.deepEqual([...first, ...rest].map((message) => message.subject), [...Array(7).keys()].map((i) => `s-${i}`));
    assert.deepEqual(await receiver.peekMessages(1), []);
    const messages = [...locked, ...await take(receiver, 5)];
    await Promise.all(messages.map((message) => receiver.completeMessage(message)));
  }),

  'a topic gives every subscription its own copy': async () => {
    await send('checks-topic', { messageId: 'copied', body: 'to both' });
    for (const subscription of ['one', 'two']) {
      await receiving(['checks-topic', subscription], async (receiver) => {
        const [message] = await take(receiver, 1);
        assert.equal(message.body, 'to both');
        if (subscription === 'one') await receiver.completeMessage(message);
        else await receiver.deadLetterMessage(message, { deadLetterReason: 'two does not want it' });
        await isEmpty(receiver);
      });
    }
    await receiving(['checks-topic', 'two'], async (dead) => {
      const [message] = await take(dead, 1);
      assert.equal(message.deadLetterReason, 'two does not want it');
      await dead.completeMessage(message);
    }, { subQueueType: 'deadLetter' });
  },

  'names of entities are the same in any case': () => receiving('CHECKS', async (receiver) => {
    await send('Checks', { body: 'case' });
    const [message] = await take(receiver, 1);
    await receiver.completeMessage(message);
  }),

  'subscribe takes 1,000 messages with 32 calls at once, each once': () => receiving('checks', async (receiver) => {
    const sender = client.createSender('checks');
    for (let part = 0; part < 10; part++) await sender.sendMessages([...Array(100).keys()].map((i) => ({ body: part * 100 + i })));
    const seen = [];
    let [running, most] = [0, 0];
    await new Promise((resolve, reject) => {
      receiver.subscribe({
        processMessage: async (message) => {
          most = Math.max(most, ++running);
          await delay(1);
          running--;
          seen.push(message.body);
          if (seen.length === 1000) setTimeout(resolve, 300);
        },
        processError: async ({ error }) => reject(error),
      }, { maxConcurrentCalls: 32 });
    });
    assert.deepEqual(seen.sort((one, other) => one - other), [...Array(1000).keys()]);
    assert.ok(most > 8 && most <= 32, `${most} at once`);
    await sender.close();
  }),

  'receive and delete leaves nothing to settle': () => receiving('checks', async (receiver) => {
    await send('checks', ...[...Array(20).keys()].map((i) => ({ body: i })));
    const messages = await take(receiver, 20);
    assert.equal(messages.length, 20);
    assert.equal(messages[0].lockToken, undefined);
    await receiving('checks', isEmpty);
  }, { receiveMode: 'receiveAndDelete' }),

  'a full queue says so, and takes more when there is room': () => receiving('checks-small', async (receiver) => {
    await send('checks-small', { body: 1 }, { body: 2 });
    await fails(() => send('checks-small', { body: 3 }, { body: 4 }), 'QuotaExceeded');
    await send('checks-small', { body: 3 });
    const error = await fails(() => send('checks-small', { body: 4 }), 'QuotaExceeded');
    assert.match(error.message, /checks-small is full: it holds at most 3 messages/);
    const messages = await take(receiver, 3);
    assert.deepEqual(messages.map((message) => message.body), [1, 2, 3]);
    await Promise.all(messages.map((message) => receiver.completeMessage(message)));
    await send('checks-small', { body: 5 });
    const [last] = await take(receiver, 1);
    await receiver.completeMessage(last);
  }),

  'what does not exist is not found': async () => {
    await fails(() => send('nowhere', { body: 1 }), 'MessagingEntityNotFound');
    await receiving('nowhere', (receiver) => fails(() => receiver.receiveMessages(1, soon), 'MessagingEntityNotFound'));
    await receiving('checks-topic', (receiver) => fails(() => receiver.receiveMessages(1, soon), 'MessagingEntityNotFound'));
    await receiving(['checks-topic', 'three'], (receiver) => fails(() => receiver.receiveMessages(1, soon), 'MessagingEntityNotFound'));
    await receiving('checks', isEmpty);
  },

  'what is left out is refused': async () => {
    const later = new Date(Date.now() + 60_000);
    const sender = client.createSender('checks');
    const scheduled = await sender.scheduleMessages({ body: 1 }, later).then(() => null, (failed) => failed);
    assert.match(`${scheduled}`, /is not part of this stand-in/);
    const sent = await sender.sendMessages({ body: 1, scheduledEnqueueTimeUtc: later }).then(() => null, (failed) => failed);
    assert.match(`${sent}`, /Sending at a later time is not part of this stand-in/);
    const session = await client.acceptSession('checks', 's-1').then(() => null, (failed) => failed);
    // The SDK has words of its own when it looks before it has heard why.
    assert.match(`${session}`, /A session is not part of this stand-in|Failed to create a receiver for the requested session/);
    await sender.close();
    await receiving('checks', isEmpty);
  },

  '40 fresh connections in a row send and receive': async () => {
    const mine = client;
    for (let i = 0; i < 40; i++) {
      client = new ServiceBusClient(connectionString, options);
      await send('checks', { body: i });
      await receiving('checks', async (receiver) => {
        const [message] = await take(receiver, 1);
        assert.equal(message.body, i);
        await receiver.completeMessage(message);
      });
      await client.close();
    }
    client = mine;
  },
};

let failures = 0;
for (const [name, check] of Object.entries(checks).filter(([named]) => named.includes(only))) {
  const started = Date.now();
  try {
    await check();
    console.log(`ok: ${name} (${Date.now() - started} ms)`);
  } catch (failed) {
    failures++;
    console.log(`FAILED: ${name} (${Date.now() - started} ms)\n  ${failed.message}\n  ${failed.stack.split('\n').filter((line) => line.includes('service-bus.mjs')).join('\n')}`);
  }
}
await client.close();
process.exitCode = failures === 0 ? 0 : 1;
