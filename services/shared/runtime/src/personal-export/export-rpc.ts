import { Code } from '@connectrpc/connect';
import { rpcError } from '../errors/errors.ts';
import { lerPagina, type ParteDaSecao, type Secao } from './sections.ts';

/** Answers `ExportarDados` from the sections of a service: the same in each. */
export function exportarDados(secoes: readonly Secao[]) {
  return async ({ usuarioId, posicao }: { usuarioId: string; posicao: string }) => {
    const pagina = await lerPagina(secoes, usuarioId, posicao);
    if (!pagina) throw rpcError(Code.InvalidArgument, 'PAGINA_INVALIDA', 'A página não é destes dados.');
    return { secoes: pagina.secoes.map(toSecaoProto), proximaPosicao: pagina.proxima };
  };
}

const toSecaoProto = ({ nome, registros }: ParteDaSecao) => ({ nome, registros: [...registros] });
