import { type Db, MongoServerError } from 'mongodb';
import { COLECAO } from './cliente.ts';

const texto = { bsonType: 'string', maxLength: 500 } as const;
const nome = { bsonType: 'string', pattern: '^[A-Z_]{2,60}$' } as const;

/** Names and kinds of what a record is made of. Which kinds of messages there are is left to the releases of the service. */
export const ESQUEMA = {
  bsonType: 'object',
  additionalProperties: false,
  required: [
    ...['_id', 'notificacaoId', 'sequencia', 'clienteId', 'canal', 'modelo', 'reservaId', 'tipo', 'detalhe'],
    'ocorridoEm',
  ],
  properties: {
    _id: { bsonType: 'string', pattern: '^not_[0-9A-Za-z]+/[1-9][0-9]*$' },
    notificacaoId: { bsonType: 'string', pattern: '^not_[0-9A-Za-z]+$' },
    sequencia: { bsonType: 'int', minimum: 1 },
    clienteId: { bsonType: 'string', minLength: 1, maxLength: 40 },
    canal: nome,
    modelo: nome,
    reservaId: { bsonType: 'string', maxLength: 40 },
    tipo: nome,
    detalhe: texto,
    ocorridoEm: { bsonType: 'date' },
  },
} as const;

/** "Which messages did this person get?", page by page; and what became of one message. */
export const INDICES = [
  {
    name: 'historico_cliente',
    key: { clienteId: 1, ocorridoEm: -1, notificacaoId: -1, sequencia: -1 },
  },
  { name: 'historico_notificacao', key: { notificacaoId: 1, sequencia: 1 }, unique: true },
] as const;

/** What is old enough goes by itself: nobody who writes needs the right to remove. */
const FIM = 'historico_fim';

/** What the service may do: nobody who has only this can change or remove a record. */
const PAPEL = 'historico_so_acrescenta';
const acoesDoPapel = (db: string) => [{ resource: { db, collection: COLECAO }, actions: ['find', 'insert'] }];

interface Passo {
  readonly nome: string;
  /** Carries it out, also when it was before. */
  fazer(): Promise<void>;
}

/** What the server does not know: another one than MongoDB. */
const DESCONHECIDO = [59, 115, 238];

/** Carries out all steps, those that the server does not know apart; answers the names of these. */
export async function preparar(
  db: Db,
  diasGuardados: number,
  contar: (nome: string, feito: boolean) => void,
): Promise<string[]> {
  const faltam: string[] = [];
  for (const { nome, fazer } of passosDoPreparo(db, diasGuardados)) {
    const feito = await fazer().then(() => true, desconhecido);
    if (!feito) faltam.push(nome);
    contar(nome, feito);
  }
  return faltam;
}

function desconhecido(error: unknown): false {
  if (error instanceof MongoServerError && DESCONHECIDO.includes(Number(error.code))) return false;
  throw error;
}

/** What makes the collection ready, by somebody who owns the database. Each step leaves alone what is so already. */
function passosDoPreparo(db: Db, diasGuardados: number): readonly Passo[] {
  const validacao = {
    validator: { $jsonSchema: ESQUEMA },
    validationLevel: 'strict',
    validationAction: 'error',
  };
  const fim = { name: FIM, expireAfterSeconds: diasGuardados * 86_400 };
  const colecao = db.collection(COLECAO);
  return [
    { nome: 'collection', fazer: () => semErro([48], () => db.createCollection(COLECAO)) },
    { nome: 'validator', fazer: () => semErro([], () => db.command({ collMod: COLECAO, ...validacao })) },
    ...INDICES.map(({ key, ...opcoes }) => ({
      nome: `index ${opcoes.name}`,
      fazer: () => semErro([], () => colecao.createIndex(key, opcoes)),
    })),
    { nome: `index ${FIM}`, fazer: () => guardarPor(db, fim) },
    { nome: `role ${PAPEL}`, fazer: () => darPapel(db) },
  ];
}

/** An index that is there with another span is given the new one: it cannot be made twice. */
async function guardarPor(db: Db, fim: { name: string; expireAfterSeconds: number }): Promise<void> {
  try {
    await db.collection(COLECAO).createIndex({ ocorridoEm: 1 }, fim);
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== 85) throw error;
    await db.command({ collMod: COLECAO, index: fim });
  }
}

/** 51002: the role is there; it is given these actions and no others. */
async function darPapel(db: Db): Promise<void> {
  const papel = { privileges: acoesDoPapel(db.databaseName), roles: [] };
  try {
    await db.command({ createRole: PAPEL, ...papel });
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== 51_002) throw error;
    await db.command({ updateRole: PAPEL, ...papel });
  }
}

async function semErro(esperados: readonly number[], fazer: () => Promise<unknown>): Promise<void> {
  try {
    await fazer();
  } catch (error) {
    if (!(error instanceof MongoServerError) || !esperados.includes(Number(error.code))) throw error;
  }
}
