import type { Contato } from '../../canais/domain/mensagem.ts';
import type { Modelos } from '../application/modelos.ts';
import type { DadosPorModelo, Modelo, ModeloComDados } from '../domain/modelo.ts';
import type { Resumo } from '../domain/resumo.ts';
import type { Idioma } from './idiomas/idioma.ts';
import { type Idiomas, lerIdiomas } from './idiomas/idiomas.ts';
import { type Curta, paraTela, paraTelefone } from './leiaute/curto.ts';
import { diagramar } from './leiaute/leiaute.ts';
import type { Template } from './leiaute/template.ts';
import { avisoDeSeguranca } from './templates/conta/aviso-de-seguranca.ts';
import { boasVindas } from './templates/conta/boas-vindas.ts';
import { codigoDeTelefone } from './templates/conta/codigo-de-telefone.ts';
import { redefinicaoSenha } from './templates/conta/redefinicao-senha.ts';
import { trocaDeEmail } from './templates/conta/troca-de-email.ts';
import { estornoConcluido } from './templates/dinheiro/estorno-concluido.ts';
import { estornoFalhou } from './templates/dinheiro/estorno-falhou.ts';
import { estornoSolicitado } from './templates/dinheiro/estorno-solicitado.ts';
import { pagamentoAprovado } from './templates/dinheiro/pagamento-aprovado.ts';
import { pagamentoRecusado } from './templates/dinheiro/pagamento-recusado.ts';
import { webhookDesativado } from './templates/integracoes/webhook-desativado.ts';
import { contatosNaoEntregaveis } from './templates/operacao/contatos-nao-entregaveis.ts';
import { lembreteReserva } from './templates/reservas/lembrete-reserva.ts';
import { reservaCancelada } from './templates/reservas/reserva-cancelada.ts';
import { reservaConfirmada } from './templates/reservas/reserva-confirmada.ts';
import { reservaExpirada } from './templates/reservas/reserva-expirada.ts';
import { reservaRecebida } from './templates/reservas/reserva-recebida.ts';
import { assuntoDoResumo, curtaDoResumo, visaoDoResumo } from './templates/reservas/resumo-da-serie.ts';
import { vagaOferecida } from './templates/reservas/vaga-oferecida.ts';

const TEMPLATES: { readonly [M in Modelo]: Template<DadosPorModelo[M]> } = {
  RESERVA_RECEBIDA: reservaRecebida,
  RESERVA_CONFIRMADA: reservaConfirmada,
  RESERVA_CANCELADA: reservaCancelada,
  RESERVA_EXPIRADA: reservaExpirada,
  LEMBRETE_RESERVA: lembreteReserva,
  PAGAMENTO_RECUSADO: pagamentoRecusado,
  PAGAMENTO_APROVADO: pagamentoAprovado,
  ESTORNO_SOLICITADO: estornoSolicitado,
  ESTORNO_CONCLUIDO: estornoConcluido,
  ESTORNO_FALHOU: estornoFalhou,
  VAGA_OFERECIDA: vagaOferecida,
  BOAS_VINDAS: boasVindas,
  AVISO_DE_SEGURANCA: avisoDeSeguranca,
  REDEFINICAO_SENHA: redefinicaoSenha,
  TROCA_DE_EMAIL: trocaDeEmail,
  WEBHOOK_DESATIVADO: webhookDesativado,
  CONTATOS_NAO_ENTREGAVEIS: contatosNaoEntregaveis,
  CODIGO_DE_TELEFONE: codigoDeTelefone,
};

/**
 * The templates by what they are about, signed by the sender.
 *
 * @param idiomas the languages that there are
 */
export function createModelos(remetente: Contato, idiomas: Idiomas = lerIdiomas()): Modelos {
  const em = (idioma: Idioma): Modelos => ({
    em: (codigo) => em(codigo === undefined ? idiomas.padrao : idiomas.para(codigo)),
    assunto: ({ modelo, dados }) => templateDe(modelo).assunto(dados, idioma),
    renderizar({ modelo, dados }, nome, descadastro) {
      const template = templateDe(modelo);
      const anexos = template.anexos?.(dados, idioma, remetente) ?? [];
      const assunto = template.assunto(dados, idioma);
      const visao = { ...template.visao(dados, idioma), descadastro };
      return { assunto, ...diagramar(assunto, visao, nome, idioma), anexos };
    },
    resumir(resumo, nome) {
      const assunto = assuntoDoResumo(resumo, idioma);
      const { anexos } = templateDe(resumo.modelo);
      const arquivos = resumo.dados.flatMap((dados) => anexos?.(dados, idioma, remetente) ?? []);
      const partes = diagramar(assunto, visaoDoResumo(resumo, idioma), nome, idioma);
      return { assunto, ...partes, anexos: arquivos };
    },
    curto: (mensagem) => paraTela(curtaDe(mensagem, idioma)),
    sms: (mensagem) => paraTelefone(curtaDe(mensagem, idioma), idioma),
  });
  return em(idiomas.padrao);
}

function curtaDe(mensagem: ModeloComDados | Resumo, idioma: Idioma): Curta {
  if (ehResumo(mensagem)) return curtaDoResumo(mensagem, idioma);
  return templateDe(mensagem.modelo).curta(mensagem.dados, idioma);
}

const ehResumo = (mensagem: ModeloComDados | Resumo): mensagem is Resumo => Array.isArray(mensagem.dados);

/** A model and its data come as a pair ({@link ModeloComDados}); the compiler cannot follow that through a table. */
function templateDe(modelo: Modelo): Template<ModeloComDados['dados']> {
  return TEMPLATES[modelo] as Template<ModeloComDados['dados']>;
}
