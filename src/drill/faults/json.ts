import { ANSWER, completion, type Expected, type Fault, respond, type Stage } from '../stage.ts'

/** A JSON body that is not what it should be; a stream gets the same body. */
function json(
  name: string,
  body: (stage: Stage) => string | Buffer,
  expected: Expected = 'answer',
): Fault {
  return {
    name: `json-${name}`,
    level: 'json',
    play: (stage) => respond(stage, 200, body(stage)),
    stream: expected,
    whole: expected,
  }
}

const text = (stage: Stage): string => JSON.stringify(completion(stage))
const DEEP = 100_000
const LARGE = 5 * 1024 * 1024

export const JSON_FAULTS: readonly Fault[] = [
  json('plain', text),
  json('cut', (stage) => text(stage).slice(0, -30)),
  json('cut-in-string', (stage) => text(stage).slice(0, 120)),
  json('trailing-garbage', (stage) => `${text(stage)}}}garbage`),
  json('two-documents', (stage) => text(stage) + text(stage)),
  json('bom', (stage) => `\ufeff${text(stage)}`),
  json('white-space', (stage) => `\n\n   ${text(stage)}\n\n`),
  json('nan', (stage) => text(stage).replace('"created":1700000000', '"created":NaN')),
  json('single-quotes', (stage) => text(stage).replaceAll('"', "'")),
  json('deep', (stage) =>
    text(stage).replace('{', `{"deep":${'['.repeat(DEEP)}${']'.repeat(DEEP)},`),
  ),
  json('large', (stage) => text(stage).replace('{', `{"pad":"${'x'.repeat(LARGE)}",`)),
  json('duplicate-keys', (stage) => text(stage).replace('{', '{"id":"other",')),
  json('proto', (stage) => text(stage).replace('{', '{"__proto__":{"polluted":true},')),
  json('lone-surrogate', (stage) => text(stage).replace('{', '{"odd":"\\ud800",')),
  json('invalid-utf8', (stage) =>
    Buffer.concat([
      Buffer.from('{"odd":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`",${text(stage).slice(1)}`),
    ]),
  ),
  json('string', () => '"model unavailable"'),
  json('number', () => '42'),
  json('null', () => 'null'),
  json('true', () => 'true'),
  json('array', () => '[]'),
  json('empty-object', () => '{}'),
  json('error-nested', () => '{"error":{"message":"upstream broke","code":502}}'),
  json('error-string', () => '{"error":"upstream broke"}'),
  json('error-flat', () => '{"code":"InternalError","message":"flat","request_id":"r"}'),
  json('error-true', () => '{"error":true,"message":"broken"}'),
  json('error-beside-choices', (stage) =>
    JSON.stringify({ ...completion(stage), error: { message: 'half done' } }),
  ),
  json('choices-empty', (stage) => JSON.stringify({ ...completion(stage), choices: [] })),
  json('choices-null', (stage) => JSON.stringify({ ...completion(stage), choices: null })),
  json('choices-missing', (stage) => JSON.stringify({ ...completion(stage), choices: undefined })),
  json('content-null', (stage) => JSON.stringify(completion(stage, { content: null }))),
  json('content-empty', (stage) => JSON.stringify(completion(stage, { content: '' }))),
  json(
    'content-parts',
    (stage) => JSON.stringify(completion(stage, { content: [{ type: 'text', text: ANSWER }] })),
    'as_sent',
  ),
  json('message-missing', (stage) =>
    JSON.stringify({ ...completion(stage), choices: [{ index: 0, finish_reason: 'stop' }] }),
  ),
  json('id-missing', (stage) => JSON.stringify({ ...completion(stage), id: undefined })),
  json('usage-missing', (stage) => JSON.stringify({ ...completion(stage), usage: undefined })),
  json('finish-network-error', (stage) =>
    JSON.stringify({
      ...completion(stage),
      choices: [{ index: 0, message: { content: 'half' }, finish_reason: 'network_error' }],
    }),
  ),
  json('keyword', (stage) =>
    JSON.stringify(completion(stage, { content: 'Rate limit reached, please try again later.' })),
  ),
  json('keyword-zh', (stage) =>
    JSON.stringify(completion(stage, { content: '当前请求过多，quota exceeded，请稍后再试' })),
  ),
  json(
    'refusal',
    (stage) => JSON.stringify(completion(stage, { content: null, refusal: 'I cannot do that.' })),
    'as_sent',
  ),
  json(
    'tool-calls',
    (stage) =>
      JSON.stringify(
        completion(stage, {
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
        }),
      ),
    'as_sent',
  ),
]
