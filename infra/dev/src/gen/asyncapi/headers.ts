import type { Json } from '../openapi/openapi-rules.ts';

const text = (description: string, more: Json = {}): Json => ({ type: 'string', description, ...more });

/** What every message says beside its body; docs/architecture/events.md tells more. */
export const HEADERS: Json = {
  type: 'object',
  required: [
    ...[
      'Nats-Msg-Id',
      'content-type',
      'ce-specversion',
      'ce-id',
      'ce-source',
      'ce-type',
      'ce-subject',
      'ce-time',
    ],
    ...[
      'ce-dataschema',
      'ce-authtype',
      'ce-correlationid',
      'agregado-tipo',
      'agregado-id',
      'agregado-versao',
    ],
  ],
  properties: {
    'Nats-Msg-Id': text('Identity of the message: its stream keeps one of each within five minutes.'),
    'content-type': text('Of the body.', { const: 'application/json' }),
    'ce-specversion': text('Version of CloudEvents.', { const: '1.0' }),
    'ce-id': text('Identity of the event, the same in every delivery and replay: the key of an inbox.'),
    'ce-source': text('The service that publishes it.', { pattern: '^/plataforma/[a-z]+$' }),
    'ce-type': text('Full name of the message; its subject, too.'),
    'ce-subject': text('Identity of the aggregate.'),
    'ce-time': text('When it was stored.', { format: 'date-time' }),
    'ce-dataschema': text('Form of the body: `proto:` and the full name of the message.', {
      pattern: '^proto:',
    }),
    'ce-authtype': text('What kind of actor began it.', {
      enum: ['app_user', 'service_account', 'api_key', 'system', 'unauthenticated', 'unknown'],
    }),
    'ce-authid': text('Identity of the actor; missing where nobody is known.'),
    'ce-correlationid': text('The request it began with. The same in all that follows.'),
    'ce-causationid': text('`ce-id` of the event that it follows from; missing where it follows from none.'),
    'agregado-tipo': text('What kind of aggregate it is about.'),
    'agregado-id': text('Identity of the aggregate.'),
    'agregado-versao': text('Version of the aggregate after it; there may be gaps.', { pattern: '^[0-9]+$' }),
    traceparent: text('Trace context of the request, where telemetry is on.'),
  },
};
