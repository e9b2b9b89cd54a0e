/** Who may import whom. Each rule is one sentence; `npm run check` also proves that the rules bite (see fixtures). */
const { ROOMS, TEST: test, roomRules } = require('./infra/dev/src/architecture/rooms.cjs');

const service = '^services/(auth|reservas|pagamentos|notificacoes)/';
const layer = (name) => `services/[^/]+/src/[^/]+/${name}/`;

module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment:
        'A domain imports domains and @plataforma/domain, nothing else (temporal-polyfill stands in for Temporal, rrule-temporal computes dates).',
      severity: 'error',
      from: { path: layer('domain'), pathNot: test },
      to: {
        pathNot: [
          layer('domain'),
          '^services/shared/domain/src/',
          'node_modules/temporal-polyfill/',
          'node_modules/rrule-temporal/',
        ],
      },
    },
    {
      name: 'application-knows-no-adapter',
      comment: 'An application layer imports no adapter, no generated code and no npm package.',
      severity: 'error',
      from: { path: layer('application'), pathNot: test },
      to: { pathNot: [layer('(domain|application)'), '^services/shared/domain/src/'] },
    },
    {
      name: 'adapters-are-strangers',
      comment:
        'What calls the application does not know what the application calls; container.ts joins them.',
      severity: 'error',
      from: { path: layer('presentation'), pathNot: test },
      to: { path: layer('infrastructure') },
    },
    {
      name: 'storage-knows-no-caller',
      comment: 'What the application calls does not know who calls the application.',
      severity: 'error',
      from: { path: layer('infrastructure'), pathNot: test },
      to: { path: layer('presentation') },
    },
    ...roomRules(ROOMS),
    {
      name: 'services-are-strangers',
      comment: 'Services share contracts and published packages only.',
      severity: 'error',
      from: { path: '^services/(auth|reservas|pagamentos|notificacoes)/' },
      to: { path: service, pathNot: '^services/$1/' },
    },
    {
      name: 'services-do-not-know-the-local-stack',
      comment: 'Nothing that is deployed imports infra.',
      severity: 'error',
      from: { path: '^(services|gen)/' },
      to: { path: '^infra/' },
    },
    {
      name: 'shared-domain-imports-nothing',
      comment: '@plataforma/domain has no dependency; node:crypto and node:url compute, they do no I/O.',
      severity: 'error',
      from: { path: '^services/shared/domain/src/', pathNot: test },
      to: { pathNot: ['^services/shared/domain/src/', '^(node:)?(crypto|url)$'] },
    },
    {
      name: 'shared-runtime-knows-no-service',
      comment: 'The runtime imports contracts and @plataforma/domain, never a service.',
      severity: 'error',
      from: { path: '^services/shared/(runtime|testing)/' },
      to: { path: service },
    },
    {
      name: 'testing-only-from-tests',
      comment:
        '@plataforma/testing and @plataforma/pacts are for tests, the former for the local stack, too.',
      severity: 'error',
      from: { path: '^services/', pathNot: [test, '^services/shared/(testing|pacts)/', 'jest\\.config'] },
      to: { path: '^services/shared/(testing|pacts)/' },
    },
    {
      name: 'grpc-js-only-in-the-runtime',
      comment: 'Services speak gRPC through the runtime.',
      severity: 'error',
      from: { path: service, pathNot: test },
      to: { path: 'node_modules/@grpc/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '/fixtures/', 'infra/dev/bootstrap'] },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
