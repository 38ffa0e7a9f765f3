//! Expressions over constants, with their values or errors.

use cel::{Bindings, Budget, Environment, Value, compile};

fn evaluate(source: &str) -> String {
    let program = match compile(source, &Environment::new()) {
        Ok(program) => program,
        Err(issues) => return issues.to_string().lines().next().unwrap_or_default().to_owned(),
    };
    let bindings = Bindings::default();
    let mut budget = Budget::new(10_000_000);
    match program.evaluate(&bindings, &mut budget) {
        Ok(Value::Bool(value)) => value.to_string(),
        Ok(value) => format!("{:?}", value.to_json()),
        Err(error) => error.to_string(),
    }
}

#[test]
fn expressions_that_hold() {
    for source in [
        "1 + 2 * 3 == 7 && 7 / 2 == 3 && -7 / 2 == -3 && 7 % 3 == 1",
        "1.5 * 2.0 == 3.0 && 1 < 1.5 && 2u > 1",
        "'a' + 'b' == 'ab' && b'a' + b'b' == b'ab'",
        "[1, 2] + [3] == [1, 2, 3] && 2 in [1, 2] && !('z' in {'a': 1})",
        "{'a': {'b': 1}}.a.b == 1 && has({'a': 1}.a) && !has({'a': 1}.b)",
        "[1, 2, 3].all(x, x > 0) && [1, 2].exists(x, x == 2) && [1, 2].exists_one(x, x == 2)",
        "[1, 2, 3].map(x, x * 2) == [2, 4, 6] && [1, 2, 3].filter(x, x > 1) == [2, 3]",
        "[1, 2, 3].map(x, x > 1, x * 2) == [4, 6]",
        "[0, 2].exists(x, 4 / x == 2) && (1 / 0 == 1 || true)",
        "['a', 'b'].transformList(i, x, x + string(i)) == ['a0', 'b1']",
        "{'a': 1}.transformMap(k, v, v + 1) == {'a': 2}",
        "{'a': 1}.transformMapEntry(k, v, {k + k: v}) == {'aa': 1}",
        "optional.of(1).optMap(x, x + 1).value() == 2 && optional.none().orValue(3) == 3",
        "{'a': 1}.?a.hasValue() && !{'a': 1}.?b.hasValue() && {'a': 1}[?'a'].orValue(0) == 1",
        "[1, 2][?5].orValue(7) == 7 && [?optional.none(), 1] == [1]",
        "type(1) == int && type('a') == string && type([]) == list && type(type(1)) == type",
        "duration('90m') == duration('1h30m') && string(duration('1.5s')) == '1.5s'",
        "timestamp('2024-02-03T04:05:06Z').getMonth() == 1 && timestamp('2024-02-03T04:05:06Z').getHours('+01:00') == 5",
        "timestamp('2024-01-01T00:00:00Z') + duration('24h') == timestamp('2024-01-02T00:00:00Z')",
        "'%s %d %.2f %x'.format(['a', 1, 1.5, 255]) == 'a 1 1.50 ff'",
        "'%s'.format([[1, 'a', {'k': true}]]) == '[1, a, {k: true}]'",
        "'a,b'.split(',') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b' && 'abc'.substring(1) == 'bc'",
        "'héllo'.size() == 5 && 'héllo'.indexOf('l') == 2 && 'aXbX'.lastIndexOf('X') == 3",
        "[3, 1, 2].sort() == [1, 2, 3] && [[1], [2]].flatten() == [1, 2] && [1, 1].distinct() == [1]",
        "['bb', 'a'].sortBy(x, x.size()) == ['a', 'bb'] && lists.range(2) == [0, 1] && [1, 2].reverse() == [2, 1]",
        "[1, 2].sum() == 3 && [2, 1].min() == 1 && [1, 3].max() == 3 && [1, 2].isSorted()",
        "sets.contains([1, 2], [1]) && sets.equivalent([1, 2], [2, 1]) && sets.intersects([1], [1, 2])",
        "'abc'.matches('^a.c$') && 'x'.matches('^' + 'x')",
        "strings.quote('a\"b') == '\"a\\\\\"b\"'",
        "int('12') == 12 && double('1.5') == 1.5 && string(1e6) == '1e+06' && bool('true') && uint('3') == 3u",
    ] {
        assert_eq!(evaluate(source), "true", "{source}");
    }
}

#[test]
fn errors_read_as_the_reference_prints_them() {
    for (source, expected) in [
        ("{'a': 1}['b'] == 1", "no such key: b"),
        ("[1][3] == 1", "index out of bounds: 3"),
        ("1 / 0 == 1", "division by zero"),
        ("1 % 0 == 1", "modulus by zero"),
        ("9223372036854775807 + 1 == 1", "integer overflow"),
        ("dyn(1) + dyn('a') == 2", "no such overload"),
        ("'a'.charAt(2) == ''", "index out of range: 2"),
        ("int('x') == 1", "ERROR: <input>:1:10: type conversion error from 'string' to 'int'"),
        ("optional.none().value() == 1", "optional.none() dereference"),
        ("[].min() == 1", "min called on empty list"),
        ("lists.range(2000000).size() == 1", "operation cancelled: actual cost limit exceeded"),
        ("1 + 'a'", "ERROR: <input>:1:3: found no matching overload for '_+_' applied to '(int, string)'"),
        ("x", "ERROR: <input>:1:1: undeclared reference to 'x' (in container '')"),
        ("[1, 'a']", "ERROR: <input>:1:5: expected type 'int' but found 'string'"),
        ("'a'.matches('[')", "ERROR: <input>:1:13: invalid matches argument"),
        (
            "'%d'.format(['a'])",
            "ERROR: <input>:1:14: error during formatting: decimal clause can only be used on integers, was given string",
        ),
        ("math.ceil(1.5)", "ERROR: <input>:1:1: undeclared reference to 'math' (in container '')"),
    ] {
        assert_eq!(evaluate(source), expected, "{source}");
    }
}

#[test]
fn kubernetes_libraries_hold() {
    for source in [
        "quantity('1.5Gi').isGreaterThan(quantity('1G')) && quantity('1').add(2).asInteger() == 3",
        "isQuantity('1k') && !isQuantity('1x') && sign(quantity('-1')) == -1 && quantity('2k').isInteger()",
        "ip('10.0.0.1').family() == 4 && isIP('::1') && !isIP('1.2.3') && ip.isCanonical('::1')",
        "ip('127.0.0.1').isLoopback() && string(ip('0:0::1')) == '::1' && type(ip('1.1.1.1')) == net.IP",
        "cidr('10.0.0.0/8').containsIP('10.1.2.3') && cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')",
        "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8') && cidr('::/0').prefixLength() == 0",
        "url('https://u@a.b:80/p%20q?x=1&x=2#f').getHost() == 'a.b:80'",
        "url('https://[::1]:80/').getHostname() == '::1' && url('https://[::1]:80/').getPort() == '80'",
        "url('/p?x=1&x=2').getQuery() == {'x': ['1', '2']} && isURL('/x') && !isURL('x y') && !isURL('%%')",
        "semver('1.10.0').isGreaterThan(semver('1.9.0')) && semver('1.0.0-rc.1').isLessThan(semver('1.0.0'))",
        "semver('v01.2', true).minor() == 2 && !isSemver('1.2') && isSemver('1.2.3+b')",
        "format.dns1123Label().validate('a-b').orValue([]).size() == 0 && format.named('uuid').hasValue()",
        "format.dns1123Label().validate('A_b').value().size() == 1 && !format.named('x').hasValue()",
        "'a12b3'.find('[0-9]+') == '12' && 'a12b3'.findAll('[0-9]') == ['1', '2', '3'] && 'ab'.findAll('.', 1) == ['a']",
    ] {
        assert_eq!(evaluate(source), "true", "{source}");
    }
    for (source, expected) in [
        (
            "ip('bad').family() == 4",
            "IP Address \"bad\" parse error during conversion from string: ParseAddr(\"bad\"): unable to parse IP",
        ),
        (
            "quantity('zz').isInteger()",
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        ),
        ("quantity('1500m').asInteger() == 1", "cannot convert value to integer"),
        (
            "url('%%').getHost() == ''",
            "URL parse error during conversion from string: parse \"%%\": invalid URI for request",
        ),
        (
            "'a'.reverse() == 'a'",
            "ERROR: <input>:1:12: found no matching overload for 'reverse' applied to 'string.()'",
        ),
    ] {
        assert_eq!(evaluate(source), expected, "{source}");
    }
}
