export { type Exposure, exposure } from './check/exposure.ts';
export { type Finding, type RulePlace, validateFields, validateRule } from './check/validate.ts';
export { describeRule, type RuleWords, type Words } from './editing/describe.ts';
export { fieldsOfRule, maxCommentBytes, type RuleFields, ruleFromFields } from './editing/fields.ts';
export { type ErrorParams, type NetfilterCode, NetfilterError } from './error.ts';
export { findMatch, targetOf } from './extensions/catalog.ts';
export { connectionStates } from './extensions/matches/conntrack.ts';
export { rejectAnswers } from './extensions/targets/reject.ts';
export { canonicalText } from './host/canonical.ts';
export { foreignOwner } from './host/foreign.ts';
export {
  applyEdit,
  type ChainView,
  completeRuleSet,
  type Edit,
  type SshguardView,
  savedText,
  viewChains,
  viewSshguard,
} from './host/host-rules.ts';
export {
  blankRule,
  builtInChains,
  type Chain,
  type Family,
  isBuiltIn,
  isModelled,
  type Match,
  type Negatable,
  type Policy,
  type Rule,
  type RuleSet,
  type Table,
  type Target,
} from './model.ts';
export { commandOf, type RuleEdit } from './print/command.ts';
export { abbreviateCounter, printListing } from './print/listing.ts';
export { type PrintOptions, printRule, printSave } from './print/print.ts';
export { parseRule, parseRules, type RuleOptions } from './read/parse-rule.ts';
export { parseSave, type SaveOptions } from './read/parse-save.ts';
