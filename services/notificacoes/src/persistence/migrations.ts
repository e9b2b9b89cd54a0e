import { AceitesDeSms1765000000471 } from './migrations/aceites-de-sms-1765000000471.ts';
import { AvisosDeSeguranca1765000000220 } from './migrations/avisos-de-seguranca-1765000000220.ts';
import { Cartas1765000000421 } from './migrations/cartas-1765000000421.ts';
import { Devolucoes1765000000060 } from './migrations/devolucoes-1765000000060.ts';
import { DispositivosPush1765000000410 } from './migrations/dispositivos-push-1765000000410.ts';
import { DonosSemAcesso1765000000452 } from './migrations/donos-sem-acesso-1765000000452.ts';
import { EnderecosVerificados1765000000070 } from './migrations/enderecos-verificados-1765000000070.ts';
import { FaixasPorCanal1765000000400 } from './migrations/faixas-por-canal-1765000000400.ts';
import { FimDosDispositivos1765000000476 } from './migrations/fim-dos-dispositivos-1765000000476.ts';
import { HistoricoCopiado1765000000320 } from './migrations/historico-copiado-1765000000320.ts';
import { HorasDeSilencio1765000000431 } from './migrations/horas-de-silencio-1765000000431.ts';
import { InscricoesPorEspaco1765000000465 } from './migrations/inscricoes-por-espaco-1765000000465.ts';
import { MensagensMortas1765000000130 } from './migrations/mensagens-mortas-1765000000130.ts';
import { ModelosDeDevolucao1765000000100 } from './migrations/modelos-de-devolucao-1765000000100.ts';
import { ModelosDePagamento1765000000440 } from './migrations/modelos-de-pagamento-1765000000440.ts';
import { ModelosEmUso1765000000121 } from './migrations/modelos-em-uso-1765000000121.ts';
import { Notificacoes1765000000001 } from './migrations/notificacoes-1765000000001.ts';
import { OfertasDaFila1765000000006 } from './migrations/ofertas-da-fila-1765000000006.ts';
import { Preferencias1765000000005 } from './migrations/preferencias-1765000000005.ts';
import { PreferenciasPorGrupo1765000000430 } from './migrations/preferencias-por-grupo-1765000000430.ts';
import { RastroDasMensagens1765000000480 } from './migrations/rastro-das-mensagens-1765000000480.ts';
import { Remocoes1765000000231 } from './migrations/remocoes-1765000000231.ts';
import { Reservas1765000000003 } from './migrations/reservas-1765000000003.ts';
import { ReservasDetalhes1765000000004 } from './migrations/reservas-detalhes-1765000000004.ts';
import { ReservasVistas1765000000466 } from './migrations/reservas-vistas-1765000000466.ts';
import { RespostasPorSms1765000000470 } from './migrations/respostas-por-sms-1765000000470.ts';
import { ResumosDaSerie1765000000061 } from './migrations/resumos-da-serie-1765000000061.ts';
import { ResumosDeDevolucoes1765000000475 } from './migrations/resumos-de-devolucoes-1765000000475.ts';
import { Retornos1765000000420 } from './migrations/retornos-1765000000420.ts';
import { SelosDosWebhooks1765000000451 } from './migrations/selos-dos-webhooks-1765000000451.ts';
import { SemIndiceDeCriacao1765000000120 } from './migrations/sem-indice-de-criacao-1765000000120.ts';
import { Telefones1765000000401 } from './migrations/telefones-1765000000401.ts';
import { TrocasDeEmail1765000000230 } from './migrations/trocas-de-email-1765000000230.ts';
import { VariosModelos1765000000002 } from './migrations/varios-modelos-1765000000002.ts';
import { Webhooks1765000000300 } from './migrations/webhooks-1765000000300.ts';
import { WebhooksApagados1765000000467 } from './migrations/webhooks-apagados-1765000000467.ts';
import { WebhooksDesativados1765000000450 } from './migrations/webhooks-desativados-1765000000450.ts';

/** In the order in which they are applied. */
export const migrations = [
  Notificacoes1765000000001,
  VariosModelos1765000000002,
  Reservas1765000000003,
  ReservasDetalhes1765000000004,
  Preferencias1765000000005,
  OfertasDaFila1765000000006,
  Devolucoes1765000000060,
  ResumosDaSerie1765000000061,
  EnderecosVerificados1765000000070,
  ModelosDeDevolucao1765000000100,
  SemIndiceDeCriacao1765000000120,
  ModelosEmUso1765000000121,
  MensagensMortas1765000000130,
  AvisosDeSeguranca1765000000220,
  TrocasDeEmail1765000000230,
  Remocoes1765000000231,
  Webhooks1765000000300,
  HistoricoCopiado1765000000320,
  FaixasPorCanal1765000000400,
  Telefones1765000000401,
  DispositivosPush1765000000410,
  Retornos1765000000420,
  Cartas1765000000421,
  PreferenciasPorGrupo1765000000430,
  HorasDeSilencio1765000000431,
  ModelosDePagamento1765000000440,
  WebhooksDesativados1765000000450,
  SelosDosWebhooks1765000000451,
  DonosSemAcesso1765000000452,
  InscricoesPorEspaco1765000000465,
  ReservasVistas1765000000466,
  WebhooksApagados1765000000467,
  RespostasPorSms1765000000470,
  AceitesDeSms1765000000471,
  ResumosDeDevolucoes1765000000475,
  FimDosDispositivos1765000000476,
  RastroDasMensagens1765000000480,
];
