import type { DadosWebhookDesativado } from '../../domain/desativacao.ts';
import { formatarInstante, umaLinha } from '../leiaute/formatos.ts';
import { COR } from '../leiaute/leiaute.ts';
import type { Template } from '../leiaute/template.ts';

/** It happened nowhere: its instants are told in the time of most readers. */
const FUSO = 'America/Sao_Paulo';

/** Tells who made a webhook that its receiver is sent nothing any more, why, and what to do. */
export const webhookDesativado: Template<DadosWebhookDesativado> = {
  // Subjects are kept: what people call it is not in them.
  assunto: ({ webhookId }) => `Webhook desativado: ${webhookId}`,
  visao: (dados) => ({
    previa: FRASES[dados.causa],
    selo: { texto: 'Integrações', cor: COR.alerta },
    cabecalho: 'Webhook desativado',
    introducao: FRASES[dados.causa],
    abertura: FRASES[dados.causa],
    linhas: [
      { rotulo: 'Webhook', valor: umaLinha(dados.nomeDoWebhook) },
      { rotulo: 'Código', valor: dados.webhookId },
      { rotulo: 'Servidor', valor: umaLinha(dados.receptor) },
      { rotulo: 'Falha desde', valor: quando(dados.falhandoDesde) },
      { rotulo: 'Desativado em', valor: quando(dados.em) },
      {
        rotulo: 'Última resposta',
        valor: dados.ultimoStatus === 0 ? 'nenhuma' : `HTTP ${dados.ultimoStatus}`,
      },
    ],
    porque: 'foi você que criou este webhook',
    fecho:
      'Quando o endereço voltar a funcionar, ative o webhook na plataforma: o que ficou esperando é enviado. O que acontecer enquanto ele estiver desativado pode ser repetido durante 30 dias. Se ele não é mais usado, apague-o.',
  }),
};

const FRASES: { readonly [C in DadosWebhookDesativado['causa']]: string } = {
  FALHAS:
    'O endereço de um webhook seu não aceitou nenhum evento durante cinco dias. Não enviamos mais nada para ele.',
  GONE: 'O endereço de um webhook seu respondeu que não existe mais (410). Não enviamos mais nada para ele.',
};

const quando = (instante: string) => formatarInstante(new Date(instante), FUSO);
