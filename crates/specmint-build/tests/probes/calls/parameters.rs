use probes::parameter_styles::types::{HeadersTheme, Point, QueryInline};

fn list() -> Vec<String> {
    vec!["a".to_owned(), "b c".to_owned(), "d,e".to_owned()]
}

fn point() -> Point {
    Point::new(1, -2)
}

#[tokio::test]
async fn queries_of_every_style() {
    let sent = |query: String| query;
    macro_rules! query {
        ($setter:ident, $value:expr) => {
            sent(
                sent!(parameter_styles, |c| c.query().$setter($value))
                    .query()
                    .to_owned(),
            )
        };
    }
    assert_eq!(query!(form, list()), "form=a&form=b%20c&form=d%2Ce");
    assert_eq!(query!(form_joined, list()), "formJoined=a,b%20c,d%2Ce");
    assert_eq!(query!(space, list()), "space=a%20b%20c%20d%2Ce");
    assert_eq!(
        query!(space_exploded, list()),
        "spaceExploded=a&spaceExploded=b%20c&spaceExploded=d%2Ce"
    );
    assert_eq!(query!(pipe, list()), "pipe=a%7Cb%20c%7Cd%2Ce");
    assert_eq!(query!(deep, point()), "deep%5Bx%5D=1&deep%5By%5D=-2");
    assert_eq!(query!(object, point()), "x=1&y=-2");
    assert_eq!(query!(object_joined, point()), "objectJoined=x,1,y,-2");
    assert_eq!(query!(reserved, "a/b?c=d&e f"), "reserved=a/b?c=d%26e%20f");
    assert_eq!(
        query!(escaped, "a/b?c=d&e f"),
        "escaped=a%2Fb%3Fc%3Dd%26e%20f"
    );
    assert_eq!(
        query!(content, point()),
        "content=%7B%22x%22%3A1%2C%22y%22%3A-2%7D"
    );
    let map = [("k&".to_owned(), "v".to_owned())];
    assert_eq!(
        query!(map, std::collections::BTreeMap::from(map)),
        "map%5Bk%26%5D=v"
    );
    let inline = QueryInline::default().gt(3);
    assert_eq!(query!(inline, inline), "inline%5Bgt%5D=3");
    assert_eq!(query!(form, Vec::<String>::new()), "");
    assert_eq!(sent!(parameter_styles, |c| c.query()).line(), "GET /query");
}

#[tokio::test]
async fn paths_of_every_style() {
    let request = sent!(parameter_styles, |c| c
        .simple()
        .list(list())
        .list_exploded(list())
        .object(point())
        .object_exploded(point()));
    assert_eq!(
        request.line(),
        "GET /simple/a,b%20c,d%2Ce/a,b%20c,d%2Ce/x,1,y,-2/x=1,y=-2"
    );
    let request = sent!(parameter_styles, |c| c
        .label()
        .scalar(5)
        .list(list())
        .list_exploded(list())
        .object(point())
        .object_exploded(point()));
    assert_eq!(
        request.line(),
        "GET /label/.5/.a,b%20c,d%2Ce/.a.b%20c.d%2Ce/.x,1,y,-2/.x=1.y=-2"
    );
    let request = sent!(parameter_styles, |c| c
        .matrix()
        .scalar(5)
        .list(list())
        .list_exploded(list())
        .object(point())
        .object_exploded(point()));
    assert_eq!(
        request.line(),
        "GET /matrix/;scalar=5/;list=a,b%20c,d%2Ce/;listExploded=a;listExploded=b%20c;listExploded=d%2Ce/\
         ;object=x,1,y,-2/;x=1;y=-2"
    );
}

#[tokio::test]
async fn headers_and_cookies() {
    let request = sent!(parameter_styles, |c| c
        .headers()
        .x_list(vec!["a".to_owned(), "b c".to_owned()])
        .x_point(point())
        .x_point_exploded(point())
        .x_number(1.5)
        .session("s;1")
        .theme(HeadersTheme::Dark)
        .rooms(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(request.line(), "GET /headers");
    assert_eq!(request.header("x-list"), Some("a,b c"));
    assert_eq!(request.header("x-point"), Some("x,1,y,-2"));
    assert_eq!(request.header("x-point-exploded"), Some("x=1,y=-2"));
    assert_eq!(request.header("x-number"), Some("1.5"));
    assert_eq!(
        request.header("cookie"),
        Some("session=s%3B1; theme=dark; rooms=a,b")
    );
    let message = refused!(parameter_styles, |c| c.headers());
    assert!(message.contains("session"), "{message}");
}

#[tokio::test]
async fn one_name_in_three_places() {
    let request = sent!(parameter_oddities, |c| c
        .same_name_in_path_and_query()
        .id("p")
        .query_id("q")
        .header_id("h"));
    assert_eq!(request.line(), "GET /same/p?id=q");
    assert_eq!(request.header("id"), Some("h"));
}

#[tokio::test]
async fn path_parameters_that_are_undeclared_or_optional_are_required() {
    let request = sent!(parameter_oddities, |c| c.undeclared().a("x/y").b(2));
    assert_eq!(request.line(), "GET /undeclared/x%2Fy/2");
    let message = refused!(parameter_oddities, |c| c.undeclared().a("x"));
    assert!(message.contains('b'), "{message}");
}

#[tokio::test]
async fn an_empty_text_is_a_value() {
    let request = sent!(parameter_oddities, |c| c.required_and_empty().q(""));
    assert_eq!(request.line(), "GET /empty?q=");
    let message = refused!(parameter_oddities, |c| c.required_and_empty());
    assert!(message.contains('q'), "{message}");
}

#[tokio::test]
async fn headers_with_impossible_names_are_left_out() {
    let request = sent!(parameter_oddities, |c| c.bad_header_name().x_good("yes"));
    assert_eq!(request.header("x-good"), Some("yes"));
    assert!(!request.head.contains("bad"), "{}", request.head);
    let message = refused!(parameter_oddities, |c| c
        .bad_header_name()
        .x_good("a\r\nInjected: yes"));
    assert!(message.contains("X-Good"), "{message}");
}

#[tokio::test]
async fn defaults_that_do_not_fit_are_not_sent() {
    let request = sent!(parameter_oddities, |c| c.bad_defaults());
    assert_eq!(request.line(), "GET /defaults");
    let request = sent!(parameter_oddities, |c| c
        .bad_defaults()
        .number(1)
        .sort("up"));
    assert_eq!(request.line(), "GET /defaults?number=1&sort=up");
}

#[tokio::test]
async fn names_that_collide_stay_apart() {
    let request = sent!(parameter_oddities, |c| c
        .collide()
        .query_body("1")
        .self_("2")
        .type_("3")
        .client("4")
        .query_send("5")
        .query_new("6")
        .filter_name("7")
        .query_filter_name("8")
        .created_at("9")
        .query_created_at("10")
        .top(11)
        .query_top(12)
        .ming_qian("13")
        .request("14")
        .result("15")
        .url("16")
        .value("17")
        .body(probes::parameter_oddities::types::CollideBody::default().body("18")));
    assert_eq!(
        request.query(),
        "body=1&self=2&type=3&client=4&send=5&new=6&filter%5Bname%5D=7&filter_name=8&createdAt=9\
         &created_at=10&%24top=11&top=12&%E5%90%8D%E5%89%8D=13&request=14&result=15&url=16&value=17"
    );
    assert_eq!(request.body, r#"{"body":"18"}"#);
}
