const source = (file) => ['node', '--conditions=source', `infra/dev/src/${file}`];
const onStack = (command, service = 'pagamentos') => [
  ...source('stack/on-stack.ts'),
  `services/${service}/src/commands/${command}.ts`,
];
const NODE_FOR_JEST = [
  ...['node', '--experimental-vm-modules', '--conditions=source', '--disable-warning=ExperimentalWarning'],
];
const JEST = [...NODE_FOR_JEST, 'infra/dev/src/jest/main.ts'];

/**
 * `last`: arguments that follow the caller's. `servers`: needs the Redis and NATS programs. `server`: stays up until it
 * is told to stop.
 * @type {Record<string, { about: string, command: string[], last?: string[], servers?: boolean, server?: boolean }>}
 */
export const TASKS = {
  start: {
    about: 'start the local stack and run one booking',
    command: source('start/main.ts'),
    servers: true,
    server: true,
  },
  test: {
    about: 'unit, integration and end-to-end tests; options go to jest',
    command: JEST,
    // Behind what the caller adds: this option of jest swallows all the words that follow it.
    last: ['--ignoreProjects', 'proof'],
    servers: true,
  },
  proofs: {
    about: 'races, random schedules, faults and crashes, in many rounds; options go to jest',
    command: [...JEST, '--selectProjects', 'proof', '--testTimeout=180000'],
    servers: true,
  },
  check: { about: 'types, style, contracts, dependency rules', command: source('check/main.ts') },
  reset: { about: 'delete the data of the local stack', command: source('stack/reset-main.ts') },
  plataforma: {
    about:
      'one command line: plataforma book | pay | decline | listen | trigger | time | doctor | any command',
    command: source('plataforma/main.ts'),
  },
  events: {
    about: 'print events, as they are published or the story of one: events --reserva res_x',
    command: source('events/main.ts'),
  },
  'keys:rotate': {
    about: 'replace the key that signs tokens, while people work',
    command: onStack('rotate-keys', 'auth'),
  },
  'ledger:verify': {
    about: "check the hash chain of the local stack's payments",
    command: onStack('verify-ledger'),
  },
  'projections:rebuild': {
    about: "build the projections of the local stack's payments again",
    command: onStack('rebuild-projections'),
  },
  reconcile: { about: "compare the local stack's payments with Stripe", command: onStack('reconcile') },
  'crash-matrix': {
    about: 'kill every service and server at every step of the money flow; words select cells',
    command: ['node', '--conditions=source', 'infra/e2e/crash/matrix-all.ts'],
    servers: true,
  },
  dlq: { about: 'dead letters: dlq list | show | replay | drop', command: source('dlq/main.ts') },
  access: { about: 'write the table of docs/security/access.md', command: source('access/main.ts') },
  asvs: { about: 'write tests and counts into docs/security/asvs.md', command: source('asvs/main.ts') },
  gen: { about: 'write gen/ from proto/', command: source('gen/main.ts') },
  examples: {
    about: 'ask a platform for all that the REST documents say, and keep its answers as examples',
    command: ['node', '--conditions=source', 'infra/e2e/documents/main.ts'],
    servers: true,
  },
  breaking: { about: 'compare the contracts with the last release', command: source('gen/breaking-main.ts') },
  'contracts:changelog': {
    about: 'tell what has become of the contracts since the last release',
    command: source('gen/changelog-main.ts'),
  },
  conformance: {
    about: 'ask a gateway for everything that Kong does: conformance --url http://127.0.0.1:8000',
    command: [...NODE_FOR_JEST, 'infra/dev/src/edge/conformance/main.ts'],
  },
  'kong:config': {
    about: 'write the file of a Kong from the keys that auth publishes; --help tells how',
    command: ['node', 'infra/kong/render-cli.ts'],
  },
  extract: {
    about: 'try one service, or the client, on its own: extract <service> | cliente',
    command: source('extract/main.ts'),
  },
  mutation: {
    about: 'change sources and see whether the specs notice: mutation --package pagamentos',
    command: source('mutation/main.ts'),
    servers: true,
  },
  coverage: {
    about: 'measure what the specs of a service run of it: coverage <service>',
    command: source('coverage/main.ts'),
    servers: true,
  },
  race: {
    about: 'run the races of the specs many times: race --times 20',
    command: source('jest/race-main.ts'),
    servers: true,
  },
  'bench:auth': {
    about: 'measure what tokens, logins and sessions cost, beside bare argon2id',
    command: ['node', '--conditions=source', 'infra/load/src/bench-auth.ts'],
    servers: true,
  },
  'bench:notificacoes': {
    about: 'measure how fast messages and events leave, beside bare nodemailer and bare fetch',
    command: ['node', '--conditions=source', 'infra/load/src/bench-notificacoes.ts'],
    servers: true,
  },
  'bench:reservas': {
    about: 'measure how fast reservas books, beside the bare driver',
    command: ['node', '--conditions=source', 'infra/load/src/bench-reservas.ts'],
    servers: true,
  },
  'bench:saga': {
    about: 'measure whole bookings, from the request to the e-mail, on the whole platform',
    command: ['node', '--conditions=source', 'infra/load/src/bench-saga.ts'],
    servers: true,
  },
  'mail:preview': {
    about: 'write all mails with sample data into one page',
    command: source('mail/preview-main.ts'),
  },
  'mail:screenshots': {
    about: 'look at all mails in Chromium, narrow and wide, light and dark',
    command: source('mail/screenshots-main.ts'),
  },
  'docs:picture': {
    about: 'take the picture of the page about the API, of the running stack',
    command: source('api-docs/picture-main.ts'),
  },
  'history:migrate': {
    about: "copy the local stack's history of messages to MongoDB",
    command: onStack('migrate-history', 'notificacoes'),
  },
  'history:prepare': {
    about: 'make the collection, validator, indexes and role of the history in MongoDB',
    command: ['node', '--conditions=source', 'services/notificacoes/src/commands/prepare-history.ts'],
  },
  interop: {
    about: 'talk to the platform by grpcurl, the NATS CLI and buf curl, as docs/interop.md says; needs Go',
    command: ['node', '--conditions=source', 'infra/e2e/interop/main.ts'],
    servers: true,
  },
  'interop:install': {
    about: 'build the servers of others that suites talk to (FerretDB); needs Go',
    command: source('interop/main.ts'),
  },
  exec: { about: "run any program with the project's Node: exec <program> [args]", command: [] },
};
