import { canonicalJson } from '@plataforma/domain/formats/canonical-json';
import { loginRecente } from '../../credenciais/domain/login-recente.ts';

export const FORMATO = 'plataforma-reservas/dados-pessoais';
export const VERSAO = 1;

const DIA_MS = 86_400_000;
/** Requests of one person in 24 hours, whatever became of them. */
const MAXIMO_POR_DIA = 3;
/** An archive is there for so long. */
const GUARDADA_MS = 7 * DIA_MS;
/** What could not be collected by then is given up: its first half would be of another week than its second. */
const COLETA_MS = 3 * DIA_MS;
/** A document larger than this is given up. */
const MAXIMO_BYTES = 256 * 1024 * 1024;

export type EstadoExportacao = 'PREPARANDO' | 'PRONTA' | 'FALHOU';

/** Where the collection of a document stands: all that has to be known to go on with it, by any replica. */
export interface Coleta {
  /** Whose pages come next; empty when all have been read. */
  readonly fonte: string;
  /** Page of that source; empty for the first one. */
  readonly pagina: string;
  /** Section that is open in the document; empty before the first one. */
  readonly secao: string;
  readonly secaoVazia: boolean;
  readonly partes: number;
  readonly bytes: number;
}

/** A request for one's data, and what came of it. */
export interface Exportacao extends Coleta {
  readonly id: string;
  readonly usuarioId: string;
  readonly estado: EstadoExportacao;
  readonly pedidoEm: Date;
  /** Session that asked for it. */
  readonly sessaoId: string | undefined;
  readonly origem: { readonly endereco: string; readonly dispositivo: string; readonly requisicao: string };
  readonly sha256: Buffer | undefined;
  /** Last time that a part was added; of a new one, when it was asked for. */
  readonly avancouEm: Date;
  readonly prontoEm: Date | undefined;
  readonly expiraEm: Date | undefined;
}

/** A page as a source answers it: records are canonical JSON. */
export interface PaginaColetada {
  readonly secoes: readonly { readonly nome: string; readonly registros: readonly string[] }[];
  readonly proxima: string;
}

/** A source has answered what cannot be put into the document. */
class ColetaError extends Error {
  override readonly name = 'ColetaError';
}

/** When the next request may come, by those of the last 24 hours; undefined when it may come now. */
export function livreEm(pedidas: readonly Date[], em: Date): Date | undefined {
  const recentes = pedidas.filter((pedida) => em.getTime() - pedida.getTime() < DIA_MS);
  if (recentes.length < MAXIMO_POR_DIA) return undefined;
  const maisNovas = recentes.map((pedida) => pedida.getTime()).sort((a, b) => b - a);
  return new Date((maisNovas[MAXIMO_POR_DIA - 1] ?? 0) + DIA_MS);
}

/** Since when requests count. */
export const contamDesde = (em: Date): Date => new Date(em.getTime() - DIA_MS);

export const guardadaAte = (em: Date): Date => new Date(em.getTime() + GUARDADA_MS);

/** Why nothing more is collected for it; undefined while it goes on. */
export function porqueParar({ pedidoEm, bytes }: Exportacao, em: Date): string | undefined {
  if (em.getTime() - pedidoEm.getTime() > COLETA_MS) return 'could not be collected in three days';
  return bytes > MAXIMO_BYTES ? 'is larger than 256 MiB' : undefined;
}

/** Whether its owner has proved lately who they are: by a login, or by asking for this export from this session. */
export function provouAgora(
  { pedidoEm, sessaoId }: Pick<Exportacao, 'pedidoEm' | 'sessaoId'>,
  quem: { readonly sessaoId: string | undefined; readonly autenticadoEm: Date | undefined },
  em: Date,
): boolean {
  const pediu = sessaoId !== undefined && sessaoId === quem.sessaoId;
  return loginRecente(quem.autenticadoEm, em) || (pediu && loginRecente(pedidoEm, em));
}

/**
 * Text of the document that a page adds, and where the collection stands behind it.
 *
 * The document is canonical JSON, so sections are in the order of their names, which is the one in which they have to come.
 *
 * @param proximaFonte what comes behind the present source; empty for the last one
 * @throws ColetaError
 */
export function avancar(
  exportacao: Exportacao,
  pagina: PaginaColetada,
  proximaFonte: string,
): { readonly texto: string; readonly coleta: Omit<Coleta, 'partes' | 'bytes'> } {
  const { id, usuarioId, pedidoEm } = exportacao;
  let { secao, secaoVazia } = exportacao;
  const texto: string[] = [];
  if (secao === '')
    texto.push(
      `{"emitidoEm":${canonicalJson(pedidoEm)},"exportacao":${canonicalJson(id)},"formato":"${FORMATO}","secoes":{`,
    );
  for (const { nome, registros } of pagina.secoes) {
    if (nome !== secao) {
      if (nome < secao || !nome.startsWith(`${exportacao.fonte}.`))
        throw new ColetaError(`section ${nome} of ${exportacao.fonte} is not behind ${secao}`);
      texto.push(secao === '' ? '' : '],', `${canonicalJson(nome)}:[`);
      secao = nome;
      secaoVazia = true;
    }
    for (const registro of registros) {
      texto.push(secaoVazia ? '' : ',', canonicalJson(registroFrom(registro, nome)));
      secaoVazia = false;
    }
  }
  const fonte = pagina.proxima === '' ? proximaFonte : exportacao.fonte;
  if (fonte === '') texto.push(`]},"titular":${canonicalJson(usuarioId)},"versao":${VERSAO}}`);
  return { texto: texto.join(''), coleta: { fonte, pagina: pagina.proxima, secao, secaoVazia } };
}

/** What a service answers is not taken for JSON until it was read as such. The error says nothing of it: it is personal. */
function registroFrom(registro: string, secao: string): object {
  let value: unknown;
  try {
    value = JSON.parse(registro);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ColetaError(`a record of section ${secao} is no JSON object`);
  return value;
}
