import { ProviderAwayError } from '@plataforma/domain/work-queue';
import { type Collection, type Filter, MongoBulkWriteError, type WriteError } from 'mongodb';
import type {
  ArquivoDeHistorico,
  ConsultaDeHistorico,
  FiltroHistorico,
  LugarNoHistorico,
  Recusado,
  RegistroLido,
} from '../../application/ports.ts';
import { type Documento, registroFrom, toDocumento } from './documento.ts';

/** There is a document with this identity. */
const REPETIDO = 11_000;
/** Longer than any page takes that has an index. */
const CONSULTA_MS = 3_000;

/** The history in MongoDB. Needs a role that may insert and find, and nothing else. */
export class MongoArquivo implements ArquivoDeHistorico, ConsultaDeHistorico {
  readonly #colecao: Collection<Documento>;

  constructor(colecao: Collection<Documento>) {
    this.#colecao = colecao;
  }

  async acrescentar(registros: readonly RegistroLido[]): Promise<readonly Recusado[]> {
    if (registros.length === 0) return [];
    try {
      // One that is refused keeps none of the others from being kept.
      await this.#colecao.insertMany(registros.map(toDocumento), { ordered: false });
      return [];
    } catch (error) {
      return recusas(registros, error);
    }
  }

  async listar(
    { clienteId, notificacaoId, boasVindas }: FiltroHistorico,
    limite: number,
    depoisDe: LugarNoHistorico | undefined,
  ): Promise<RegistroLido[]> {
    const filtro: Filter<Documento> = {
      ...(clienteId !== '' && { clienteId }),
      ...(notificacaoId !== '' && { notificacaoId }),
      ...(!boasVindas && { modelo: { $ne: 'BOAS_VINDAS' } }),
      ...(depoisDe && atras(depoisDe)),
    };
    const documentos = await this.#colecao
      .find(filtro, { maxTimeMS: CONSULTA_MS })
      .sort({ ocorridoEm: -1, notificacaoId: -1, sequencia: -1 })
      .limit(limite)
      .toArray();
    return documentos.map(registroFrom);
  }
}

/** The bound of the instant alone is what the index is entered by; the rest tells records of one instant apart. */
function atras({ ocorridoEm, notificacaoId, sequencia }: LugarNoHistorico): Filter<Documento> {
  return {
    ocorridoEm: { $lte: ocorridoEm },
    $or: [
      { ocorridoEm: { $lt: ocorridoEm } },
      { ocorridoEm, notificacaoId: { $lt: notificacaoId } },
      { ocorridoEm, notificacaoId, sequencia: { $lt: sequencia } },
    ],
  };
}

/** @throws ProviderAwayError for whatever is not about single documents, and where it is not known whether they will last */
function recusas(registros: readonly RegistroLido[], error: unknown): readonly Recusado[] {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined)
    throw new ProviderAwayError('MongoDB did not take the history', { cause: error });
  const erros = error.result.getWriteErrors();
  if (erros.length === 0) throw new ProviderAwayError('MongoDB did not take the history', { cause: error });
  return erros.filter(({ code }) => code !== REPETIDO).flatMap((erro) => recusado(registros, erro));
}

function recusado(registros: readonly RegistroLido[], erro: WriteError): Recusado[] {
  const registro = registros[erro.index];
  return registro ? [{ registro, erro: new Error(`MongoDB ${erro.code}: ${erro.errmsg}`) }] : [];
}
