import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { EstadoExportacao, type ExportacaoSchema } from '@plataforma/contratos/auth/v1/export_service_pb';
import { DOWNLOAD } from '../../contrato/presentation/acesso.ts';
import type { ExportacaoVista } from '../application/exports-queries.ts';

const CAMINHO = DOWNLOAD.path.slice(0, -1);
const SUFIXO = '.tar.gz';

/** What the last segment of an archive's address proves; empty for any other. */
export const enderecoFrom = (segmento: string): string =>
  segmento.endsWith(SUFIXO) ? segmento.slice(0, -SUFIXO.length) : '';

export function toExportacaoProto(
  { exportacao, endereco, reautenticar }: ExportacaoVista,
  publicUrl: string,
): MessageInitShape<typeof ExportacaoSchema> {
  const { id, estado, pedidoEm, prontoEm, expiraEm, bytes, partes, sha256 } = exportacao;
  return {
    ...{ id, bytes, partes, reautenticar },
    estado: EstadoExportacao[estado],
    pedidoEm: timestampFromDate(pedidoEm),
    sha256: sha256?.toString('hex') ?? '',
    ...(prontoEm && { prontoEm: timestampFromDate(prontoEm) }),
    ...(expiraEm && { expiraEm: timestampFromDate(expiraEm) }),
    ...(endereco && {
      downloadUrl: `${publicUrl.replace(/\/$/, '')}${CAMINHO}${endereco.texto}${SUFIXO}`,
      downloadExpiraEm: timestampFromDate(endereco.expiraEm),
    }),
  };
}
