/**
 * The rooms of each package, a folder of its `src` each, and which other rooms each may know. They are listed from the
 * inside out, so no two know each other, not even by a third. Inside a room of a service the layers are folders.
 */
const ROOMS = {
  'services/auth': {
    contrato: [],
    avisos: [],
    auditoria: ['contrato', 'avisos'],
    credenciais: ['contrato', 'auditoria'],
    selos: [],
    chaves: ['contrato', 'selos'],
    servicos: ['contrato', 'auditoria', 'chaves'],
    pessoais: ['contrato', 'selos', 'chaves'],
    fatores: ['contrato', 'avisos', 'auditoria', 'credenciais', 'selos'],
    contas: ['contrato', 'avisos', 'auditoria', 'credenciais', 'fatores'],
    sessoes: ['avisos', 'contrato', 'auditoria', 'credenciais', 'chaves', 'contas'],
    integracoes: ['contrato', 'avisos', 'auditoria', 'credenciais', 'chaves', 'fatores', 'contas', 'sessoes'],
    senhas: [
      ...['contrato', 'avisos', 'auditoria', 'credenciais', 'fatores', 'contas', 'sessoes', 'integracoes'],
    ],
    enderecos: ['contrato', 'avisos', 'auditoria', 'credenciais', 'fatores', 'contas', 'sessoes'],
    mfa: ['contrato', 'avisos', 'auditoria', 'credenciais', 'chaves', 'fatores', 'contas', 'sessoes'],
    google: [
      ...[
        'contrato',
        'avisos',
        'auditoria',
        'credenciais',
        'selos',
        'chaves',
        'fatores',
        'contas',
        'sessoes',
      ],
    ],
    remocoes: ['contrato', 'auditoria', 'pessoais', 'credenciais', 'chaves', 'fatores', 'contas', 'sessoes'],
    exportacoes: [
      ...[
        'contrato',
        'avisos',
        'auditoria',
        'credenciais',
        'selos',
        'chaves',
        'fatores',
        'contas',
        'sessoes',
      ],
    ],
    passkeys: [
      ...['contrato', 'avisos', 'auditoria', 'credenciais', 'chaves', 'fatores', 'contas', 'sessoes', 'mfa'],
    ],
    persistence: [
      ...['avisos', 'auditoria', 'selos', 'pessoais', 'fatores', 'contas', 'sessoes'],
      ...['integracoes', 'senhas', 'enderecos', 'google', 'remocoes', 'exportacoes', 'passkeys'],
    ],
    commands: ['chaves'],
  },

  'services/reservas': {
    comum: [],
    tempo: ['comum'],
    contas: ['comum'],
    precos: ['comum', 'tempo'],
    espacos: ['comum', 'tempo', 'contas', 'precos'],
    trabalhos: [],
    agenda: ['comum', 'tempo', 'precos', 'espacos'],
    reservas: ['comum', 'tempo', 'contas', 'precos', 'espacos', 'trabalhos', 'agenda'],
    cancelamentos: ['comum', 'tempo', 'contas', 'precos', 'agenda', 'reservas'],
    saga: ['comum', 'contas', 'agenda', 'reservas', 'cancelamentos'],
    'fila-espera': [...['comum', 'tempo', 'contas', 'precos', 'espacos', 'trabalhos', 'agenda', 'reservas']],
    series: ['comum', 'tempo', 'contas', 'precos', 'espacos', 'agenda', 'reservas', 'cancelamentos'],
    calendarios: ['comum', 'contas', 'precos', 'espacos', 'agenda', 'reservas'],
    'dados-pessoais': ['comum'],
    remocoes: ['contas', 'agenda', 'reservas', 'cancelamentos', 'fila-espera'],
    replica: ['agenda'],
    persistence: [
      ...[
        'contas',
        'espacos',
        'trabalhos',
        'reservas',
        'cancelamentos',
        'saga',
        'fila-espera',
        'series',
        'remocoes',
      ],
    ],
  },

  'services/pagamentos': {
    trabalhos: [],
    pagamento: [],
    creditos: ['pagamento'],
    estornos: ['trabalhos', 'pagamento'],
    cobrancas: ['trabalhos', 'pagamento', 'creditos', 'estornos'],
    cancelamentos: ['pagamento', 'creditos', 'estornos', 'cobrancas'],
    webhooks: ['trabalhos', 'pagamento', 'estornos', 'cobrancas'],
    conciliacao: ['trabalhos', 'pagamento', 'estornos', 'cobrancas'],
    extrato: ['pagamento'],
    livro: ['pagamento', 'creditos'],
    'dados-pessoais': ['pagamento'],
    stripe: ['pagamento', 'estornos', 'cobrancas', 'webhooks'],
    remocoes: [],
    persistence: ['pagamento', 'creditos', 'webhooks'],
    commands: ['conciliacao', 'livro', 'stripe', 'persistence'],
  },

  'services/notificacoes': {
    contrato: [],
    'dados-pessoais': ['contrato'],
    rede: [],
    canais: ['rede'],
    modelos: ['canais'],
    mensagens: ['contrato', 'canais', 'modelos'],
    historico: ['contrato', 'mensagens'],
    preferencias: ['contrato', 'canais', 'modelos', 'mensagens'],
    contatos: ['contrato', 'canais', 'modelos', 'mensagens', 'preferencias'],
    avisos: ['modelos', 'mensagens'],
    acompanhamento: ['modelos', 'mensagens'],
    dispositivos: ['contrato', 'rede', 'canais', 'modelos', 'mensagens'],
    envio: ['canais', 'dispositivos', 'modelos', 'mensagens', 'preferencias'],
    retornos: ['contrato', 'canais', 'modelos', 'mensagens', 'preferencias', 'contatos'],
    webhooks: ['contrato', 'rede', 'canais', 'modelos', 'mensagens'],
    telefones: ['contrato', 'canais', 'modelos', 'mensagens', 'preferencias', 'retornos', 'envio'],
    remocoes: ['modelos', 'mensagens', 'preferencias', 'contatos'],
    persistence: [
      ...[
        'mensagens',
        'preferencias',
        'contatos',
        'avisos',
        'acompanhamento',
        'envio',
        'telefones',
        'dispositivos',
        'remocoes',
        'retornos',
        'webhooks',
      ],
    ],
    commands: ['historico'],
  },

  'services/shared/domain': { formats: [] },

  'services/shared/runtime': {
    errors: [],
    telemetry: [],
    trail: [],
    deadlines: [],
    process: ['telemetry', 'deadlines'],
    workers: ['trail', 'telemetry', 'deadlines'],
    postgres: ['deadlines'],
    migrations: [],
    'personal-export': ['errors', 'postgres'],
    redis: [],
    personal: [],
    events: ['trail', 'errors', 'deadlines', 'process', 'personal'],
    outbox: ['trail', 'deadlines', 'postgres', 'personal', 'events'],
    rpc: ['trail', 'errors', 'deadlines'],
    input: ['errors'],
    idempotency: ['errors', 'postgres', 'rpc'],
    grpc: ['trail', 'errors', 'telemetry', 'rpc', 'input', 'idempotency'],
    http: ['trail', 'errors', 'telemetry', 'rpc', 'input'],
    security: ['errors', 'deadlines', 'postgres', 'personal', 'events', 'rpc', 'grpc'],
    audit: ['trail', 'postgres', 'outbox', 'rpc', 'security'],
    interceptors: ['trail', 'errors', 'telemetry', 'rpc', 'input', 'idempotency', 'security', 'audit'],
  },
};

const TEST = '(\\.(int\\.|e2e\\.|proof\\.)?spec\\.ts$|/test/)';

/** The rules that a table of rooms means; paths are those of `prefix` and the package. */
function roomRules(table, prefix = '') {
  return Object.entries(table).flatMap(([folder, rooms]) =>
    rulesOf(`^${prefix}${folder}/src`, folder.replaceAll('/', '-'), rooms),
  );
}

function rulesOf(src, name, rooms) {
  const names = Object.keys(rooms);
  for (const [room, known] of Object.entries(rooms)) {
    const outside = known.find(
      (other) => names.indexOf(other) === -1 || names.indexOf(other) >= names.indexOf(room),
    );
    if (outside) throw new Error(`${name}: ${room} knows ${outside}, which is not further inside`);
  }
  return [
    {
      name: `${name}-has-no-other-room`,
      comment: 'A folder of src is a room of the table in infra/dev/src/architecture/rooms.cjs.',
      severity: 'error',
      from: { path: `${src}/[^/]+/`, pathNot: `${src}/(${names.join('|')})/` },
      to: {},
    },
    ...Object.entries(rooms).map(([room, known]) => ({
      name: `${name}-${room}-knows-its-place`,
      comment: `${room} knows ${known.join(', ') || 'no other room'}, and nothing of the composition root.`,
      severity: 'error',
      from: { path: `${src}/${room}/`, pathNot: TEST },
      to: { path: `${src}/`, pathNot: `${src}/(${[room, ...known].join('|')})/` },
    })),
  ];
}

module.exports = { ROOMS, TEST, roomRules };
