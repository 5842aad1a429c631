//! Both clients, called over a socket that writes down what arrives.

use third_party::{petshop, planets};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// Answers one request with `answer`, and returns the request as it came.
async fn serve(listener: TcpListener, answer: &'static str) -> String {
    let (mut stream, _) = listener.accept().await.expect("the client connects");
    let mut request = Vec::new();
    while !request.windows(4).any(|window| window == b"\r\n\r\n") {
        let mut chunk = [0; 1024];
        let count = stream.read(&mut chunk).await.expect("the client sends");
        request.extend_from_slice(&chunk[..count]);
    }
    stream
        .write_all(answer.as_bytes())
        .await
        .expect("the client reads");
    String::from_utf8(request).expect("these requests are text")
}

async fn local() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    (listener, url)
}

#[tokio::test]
async fn a_pet_comes_typed_and_the_key_goes_where_the_page_says() {
    let (listener, url) = local().await;
    let client = petshop::Client::builder()
        .credentials(petshop::Credentials::key("secret"))
        .base_url(&url)
        .build()
        .expect("a key is enough");
    let body = r#"{"id":"7","name":"Rex","species":"dragon","born":null}"#;
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let server = tokio::spawn(serve(listener, Box::leak(answer.into_boxed_str())));
    let pet = client
        .get_pet()
        .pet_id("7")
        .send()
        .await
        .expect("the answer is a pet");
    assert_eq!(pet.name, "Rex");
    assert_eq!(
        pet.species.as_str(),
        "dragon",
        "a species the page doesn't know arrives all the same"
    );

    let request = server.await.expect("the server answers");
    assert!(request.starts_with("GET /pets/7 HTTP/1.1\r\n"), "{request}");
    assert!(
        request.to_lowercase().contains("x-petshop-key: secret\r\n"),
        "{request}"
    );
}

#[tokio::test]
async fn a_filter_is_written_as_a_deep_object() {
    let (listener, url) = local().await;
    let client = planets::Client::builder()
        .base_url(&url)
        .build()
        .expect("no key is needed");
    let server = tokio::spawn(serve(
        listener,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 18\r\n\r\n[{\"name\":\"Earth\"}]",
    ));
    let filter = planets::types::ListPlanetsFilter::default().moons(1);
    let found = client
        .list_planets()
        .filter(filter)
        .send()
        .await
        .expect("a list of planets");
    assert_eq!(found[0].name, "Earth");
    assert_eq!(found[0].moons, None);

    let request = server.await.expect("the server answers");
    assert!(
        request.starts_with("GET /planets?filter%5Bmoons%5D=1 HTTP/1.1\r\n"),
        "{request}"
    );
}
