import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A model tested with JUnit; BATON is the path of a checkout, PYTHON the Python to run it with. */
class OrderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static Process server;
  private static String url;

  @BeforeAll
  static void start() throws Exception {
    String python = System.getenv().getOrDefault("PYTHON", "python3");
    server = new ProcessBuilder(python, "wsgi.py", "--test")
        .directory(new File(System.getenv("BATON")))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    var reader = new BufferedReader(new InputStreamReader(server.getInputStream()));
    url = JSON.readTree(reader.readLine()).get("url").asText();
  }

  @AfterAll
  static void stop() {
    server.destroy();
  }

  @BeforeEach
  void reset() throws Exception {
    call("POST", "/test/reset", "");
    String mark = "order-boundary";
    String head = "--" + mark + "\r\nContent-Disposition: form-data; name=\"";
    String model = Files.readString(Path.of(System.getenv("MODEL")));
    String form = head + "deployment-name\"\r\n\r\norders\r\n"
        + head + "order.bpmn\"; filename=\"order.bpmn\"\r\n\r\n" + model + "\r\n--" + mark + "--\r\n";
    send("POST", "/deployment/create", form, "multipart/form-data; boundary=" + mark);
  }

  private static JsonNode call(String method, String path, String body) throws Exception {
    return send(method, path, body, "application/json");
  }

  private static JsonNode send(String method, String path, String body, String type)
      throws Exception {
    var request = HttpRequest.newBuilder(URI.create(url + path))
        .header("Content-Type", type)
        .method(method, BodyPublishers.ofString(body))
        .build();
    var answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    assertTrue(answer.statusCode() < 400, path + ": " + answer.body());
    return answer.body().isEmpty() ? null : JSON.readTree(answer.body());
  }

  private static String state(String id) throws Exception {
    return call("GET", "/history/process-instance/" + id, "").get("state").asText();
  }

  private String instance;

  private String picked() throws Exception {
    instance = call("POST", "/process-definition/key/order/start", "{\"businessKey\": \"A-1\"}")
        .get("id").asText();
    JsonNode task = call("GET", "/task?processInstanceId=" + instance, "").get(0);
    call("POST", "/task/" + task.get("id").asText() + "/complete", "{}");
    call("POST", "/message", "{\"messageName\": \"paid\", \"businessKey\": \"A-1\"}");
    return call("POST", "/external-task/fetchAndLock", """
        {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "pick", "lockDuration": 60000}]}
        """).get(0).get("id").asText();
  }

  @Test
  void anOrderIsShippedAfterThreeDays() throws Exception {
    call("POST", "/external-task/" + picked() + "/complete", "{\"workerId\": \"w\"}");
    assertEquals("ACTIVE", state(instance));
    JsonNode clock = call("POST", "/test/clock", "{\"advance\": \"P3D\", \"run\": true}");
    assertEquals("cooling", clock.get("ran").get(0).get("activityId").asText());
    assertEquals("COMPLETED", state(instance));
  }

  @Test
  void anOrderIsCancelledWhenTheGoodsAreMissing() throws Exception {
    String body = "{\"workerId\": \"w\", \"errorCode\": \"SOLD_OUT\"}";
    call("POST", "/external-task/" + picked() + "/bpmnError", body);
    assertEquals("COMPLETED", state(instance));
    String path = "/history/activity-instance?activityId=cancelled&processInstanceId=" + instance;
    assertEquals(1, call("GET", path, "").size());
  }
}
